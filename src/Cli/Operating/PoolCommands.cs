using System.CommandLine;
using Actors.Cli.Output;
using Actors.Messages.Pools;
using Actors.Programs;

namespace Actors.Cli.Operating;

/// <summary>The commands for pools: <c>pools</c> lists those of a cluster, and <c>pools close</c> closes a durable one by name.</summary>
internal sealed class PoolCommands
{
    private readonly ClusterConnection _connection = new();
    private readonly Argument<string> _pool = new("pool") { Description = "The name of the durable pool." };
    private readonly Option<bool> _cancelPending = new("--cancel-pending")
    {
        Description = "Cancels the jobs that have not ended. Default: they still run.",
    };

    /// <summary>Creates the command <c>pools</c> with its subcommand.</summary>
    public Command CreateCommand()
    {
        var command = new Command(
            "pools", "Lists the pools of the coordinators: workers, waiting, held and ended jobs. Closes a durable pool.");
        command.SetAction((parsed, token) => _connection.ListAllAsync(
            parsed, session => session.ListPoolsAsync(token), PoolRow.FromPools, PoolRow.CreateTable, token));
        command.Subcommands.Add(_connection.AddTo(CreateClose()));
        return _connection.AddTo(command);
    }

    private Command CreateClose()
    {
        var close = new Command(
            "close", "Closes a durable pool for all programs. Ends with 1 if there is no such pool.")
        {
            _pool, _cancelPending,
        };
        close.SetAction((parsed, token) => _connection.RunInSessionAsync(
            parsed, (session, output) => ClosePoolAsync(session, output, parsed, token), token));
        return close;
    }

    private async Task<int> ClosePoolAsync(
        OperatorSession session, CommandOutput output, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (name, cancels) = (parsed.GetValue(_pool)!, parsed.GetValue(_cancelPending));
        var closed = await session.AskPoolAsync<PoolProtocol.DurablePoolClosed>(
            name, pool => new PoolProtocol.CloseDurablePool(pool, cancels), cancellationToken).ConfigureAwait(false);
        OperatorSession.RequirePool(closed.Exists, name);
        output.WriteLine(
            new { Pool = name, IsClosed = true, ArePendingCanceled = cancels },
            $"{name} is closed{(cancels ? ", and its pending jobs are canceled" : "")}");
        return ExitCode.Success;
    }
}
