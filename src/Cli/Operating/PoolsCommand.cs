using System.CommandLine;

namespace Actors.Cli.Operating;

/// <summary>The command <c>pools</c>: the pools of a cluster.</summary>
internal sealed class PoolsCommand
{
    private readonly ClusterConnection _connection = new();

    /// <summary>Creates the command.</summary>
    public Command CreateCommand()
    {
        var command = new Command(
            "pools", "Lists the pools of the coordinators: workers, waiting jobs, jobs that workers hold, and ended jobs.");
        command.SetAction((parsed, token) => _connection.ListAllAsync(
            parsed, session => session.ListPoolsAsync(token), PoolRow.FromPools, PoolRow.CreateTable, token));
        return _connection.AddTo(command);
    }
}
