using System.CommandLine;
using Actors.Cli.Output;
using Actors.Programs;

namespace Actors.Cli.Operating;

/// <summary>The commands for worker nodes: <c>nodes</c> lists them, and <c>drain</c> lets one finish its jobs and leave.</summary>
internal sealed class NodeCommands
{
    private static readonly TimeSpan DrainCheckInterval = TimeSpan.FromMilliseconds(200);

    private readonly ClusterConnection _connection = new();
    private readonly Argument<string> _name = new("node") { Description = "The name of the node, as listed by the command nodes." };

    /// <summary>Creates the commands.</summary>
    public IEnumerable<Command> CreateCommands()
    {
        var nodes = new Command("nodes", "Lists the worker nodes of a cluster.");
        nodes.SetAction((parsed, token) => _connection.RunInSessionAsync(
            parsed, (session, output) => ListNodesAsync(session, output, token), token));
        yield return _connection.AddTo(nodes);
        var drain = new Command(
            "drain",
            "Drains a worker node: it finishes its running jobs, returns the others and exits. The command waits for its end.")
        {
            _name,
        };
        drain.SetAction((parsed, token) => _connection.RunInSessionAsync(
            parsed, (session, output) => DrainNodeAsync(session, output, parsed.GetValue(_name)!, token), token));
        yield return _connection.AddTo(drain);
    }

    private static async Task<int> ListNodesAsync(OperatorSession session, CommandOutput output, CancellationToken cancellationToken)
    {
        var nodes = await session.ListNodesAsync(cancellationToken).ConfigureAwait(false);
        output.Write(nodes.Select(NodeRow.From).ToList(), NodeRow.CreateTable);
        return ExitCode.Success;
    }

    private static async Task<int> DrainNodeAsync(
        OperatorSession session, CommandOutput output, string name, CancellationToken cancellationToken)
    {
        if (!await session.DrainNodeAsync(name, cancellationToken).ConfigureAwait(false))
        {
            var names = (await session.ListNodesAsync(cancellationToken).ConfigureAwait(false)).Select(node => node.Name);
            throw new InvalidOperationException($"No node is named {name}. The nodes are: {string.Join(", ", names)}");
        }

        if (!output.IsJson)
            await output.Answer.WriteLineAsync($"{name} is draining").ConfigureAwait(false);
        while ((await session.ListNodesAsync(cancellationToken).ConfigureAwait(false)).Any(node => node.Name == name))
            await Task.Delay(DrainCheckInterval, cancellationToken).ConfigureAwait(false);
        output.WriteLine(new { Node = name, HasLeft = true }, $"{name} has left");
        return ExitCode.Success;
    }
}
