using System.CommandLine;
using System.Security.Authentication;
using System.Text.Json;
using Actors.Messages.Nodes;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;
using Spectre.Console;

namespace Actors.Coordinator.Operating;

/// <summary>
/// The operator commands for a running cluster: <c>nodes</c> lists its worker nodes, <c>drain NAME</c> lets a node finish its jobs and
/// leave, and <c>jobs</c> manages the jobs of a durable pool.
/// </summary>
internal sealed class OperatorCommands
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Option<string> _connect = ProgramOptions.AddCheck(
        new Option<string>("--connect")
        {
            Description = "The address HOST:PORT of a coordinator, or a comma-separated list of several.",
            DefaultValueFactory = _ => $"127.0.0.1:{Endpoints.DefaultPort}",
        },
        list => HostPort.TryParseList(list ?? "") is null ? "--connect must be HOST:PORT, or several, separated by commas." : null);

    private readonly Argument<string> _name = new("node") { Description = "The name of the node, as listed by the command nodes." };
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Writes a JSON array with one object for each node. Default: off, a table.",
    };
    private readonly LinkOptions _link = new();

    /// <summary>Creates the subcommands of the program's command line.</summary>
    public IEnumerable<Command> CreateCommands()
    {
        var nodes = new Command("nodes", "Lists the worker nodes of a cluster.") { _connect, _json };
        nodes.SetAction((parsed, cancellationToken) => RunInSessionAsync(
            parsed, session => ListNodesAsync(session, parsed.GetValue(_json), cancellationToken), cancellationToken));
        var drain = new Command(
            "drain",
            "Drains a worker node: it finishes its running jobs, returns the others and exits. The command waits for its end.")
        {
            _name, _connect,
        };
        drain.SetAction((parsed, cancellationToken) => RunInSessionAsync(
            parsed, session => DrainNodeAsync(session, parsed.GetValue(_name)!, cancellationToken), cancellationToken));
        var jobs = new JobCommands(RunInSessionAsync).CreateCommand();
        foreach (var command in jobs.Subcommands.Concat([nodes, drain]))
            _link.AddTo(command);
        foreach (var command in jobs.Subcommands)
            command.Options.Add(_connect);
        return [nodes, drain, jobs];
    }

    private async Task<int> RunInSessionAsync(
        ParseResult parsed, Func<OperatorSession, Task<int>> action, CancellationToken cancellationToken)
    {
        try
        {
            var settings = _link.ReadSettings(parsed);
            await using var session = await OperatorSession.ConnectToAnyAsync(
                HostPort.ParseList(parsed.GetValue(_connect)!), settings, cancellationToken).ConfigureAwait(false);
            return await action(session).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is TimeoutException or InvalidOperationException or AuthenticationException or OtherVersionException)
        {
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return 1;
        }
    }

    private static async Task<int> ListNodesAsync(OperatorSession session, bool isJson, CancellationToken cancellationToken)
    {
        var nodes = await session.ListNodesAsync(cancellationToken).ConfigureAwait(false);
        if (isJson)
        {
            var list = nodes.Select(node =>
                new { node.Name, Workers = node.Granted, AtMost = node.Slots, Has = node.Traits, node.IsDraining });
            Console.WriteLine(JsonSerializer.Serialize(list, Json));
        }
        else
            WriteTable(nodes);
        return 0;
    }

    private static void WriteTable(IEnumerable<NodeInfo> nodes)
    {
        var table = new Table().AddColumns("node", "workers", "at most", "has", "");
        foreach (var node in nodes)
        {
            var state = node.IsDraining ? "draining" : "";
            table.AddRow(node.Name.EscapeMarkup(), $"{node.Granted}", $"{node.Slots}", node.Traits.EscapeMarkup(), state);
        }

        AnsiConsole.Write(table);
    }

    private static async Task<int> DrainNodeAsync(OperatorSession session, string name, CancellationToken cancellationToken)
    {
        if (!await session.DrainNodeAsync(name, cancellationToken).ConfigureAwait(false))
        {
            var names = (await session.ListNodesAsync(cancellationToken).ConfigureAwait(false)).Select(node => node.Name);
            await Console.Error.WriteLineAsync($"No node is named {name}. The nodes are: {string.Join(", ", names)}").ConfigureAwait(false);
            return 1;
        }

        Console.WriteLine($"{name} is draining");
        while ((await session.ListNodesAsync(cancellationToken).ConfigureAwait(false)).Any(node => node.Name == name))
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken).ConfigureAwait(false);
        Console.WriteLine($"{name} has left");
        return 0;
    }
}
