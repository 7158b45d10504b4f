using System.CommandLine;
using System.Security.Authentication;
using Actors.Messages.Nodes;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Cli.Operating;

/// <summary>The command <c>status</c>: which coordinators answer, and the worker nodes.</summary>
internal sealed class StatusCommand
{
    private readonly ClusterConnection _connection = new();

    /// <summary>Creates the command.</summary>
    public Command CreateCommand()
    {
        var command = new Command(
            "status",
            "Shows which of the coordinators answer, and the worker nodes. The exit code is 0 if each coordinator answers, 1 if some do "
                + "not, and 3 if none does.");
        command.SetAction((parsed, token) => ClusterConnection.ReportErrorsAsync(parsed, async output =>
        {
            var asked = await Task.WhenAll(
                _connection.ReadCoordinators(parsed).Select(at => AskAsync(parsed, at, token))).ConfigureAwait(false);
            var status = new ClusterStatus(
                [.. asked.Select(answer => answer.Coordinator)], NodeRow.MergeAnswers(asked.Select(answer => answer.Nodes)));
            output.Write(status, ClusterStatus.CreateView);
            return status.ExitCode;
        }));
        return _connection.AddTo(command);
    }

    private async Task<(CoordinatorRow Coordinator, IEnumerable<NodeInfo> Nodes)> AskAsync(
        ParseResult parsed, HostPort at, CancellationToken cancellationToken)
    {
        try
        {
            var session = await _connection.ConnectAsync(parsed, [at], cancellationToken).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var nodes = await session.ListNodesAsync(cancellationToken).ConfigureAwait(false);
            return (new CoordinatorRow($"{at}", true, session.Version, null), nodes);
        }
        catch (Exception exception) when (exception is TimeoutException or AuthenticationException or OtherVersionException)
        {
            return (new CoordinatorRow($"{at}", false, null, exception.Message), []);
        }
    }
}
