using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting.Bundles;
using Actors.Runtime;

namespace Actors.Pools;

/// <summary>Opens pools.</summary>
internal sealed partial class PoolSession
{
    /// <summary>Opens a pool in this process or at one of the coordinators.</summary>
    /// <param name="connect">The addresses of the coordinators; null for this process.</param>
    /// <param name="processes">The number of workers; 0 for all slots.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static Task<PoolSession> OpenAsync(
        string? connect, int processes, PoolOptions options, CancellationToken cancellationToken)
    {
        PublishedForm.RequireSupported();
        return OpenAsync(ClientRuntime.FindConnection(connect), connect, processes, options, cancellationToken);
    }

    /// <summary>Opens a pool over a connection, again while the coordinator is lost or the store fails, and there is time.</summary>
    internal static async Task<PoolSession> OpenAsync(
        CoordinatorConnection connection, string? connect, int processes, PoolOptions options, CancellationToken cancellationToken)
    {
        var patience = TimeoutRule.RequireValid(options.ConnectTimeout);
        var first = connect is null ? ProcessPool.CreateSpec(processes, BundleId.ThisProcess, options) : null;
        for (var since = TimeProvider.System.GetTimestamp(); ;)
        {
            var runtime = await connection.AcquireUseAsync(patience, cancellationToken, first).ConfigureAwait(false);
            try
            {
                var isDurable = options.DurableName is not null;
                var bundle = await runtime.ProvideCodeAsync(options.Files, isDurable, cancellationToken).ConfigureAwait(false);
                var spec = ProcessPool.CreateSpec(processes, bundle, options);
                return await OpenAsync(
                    runtime, spec, options, CanReopen(connect, options) ? connection : null, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                await runtime.DisposeAsync().ConfigureAwait(false);
                var mayRepeat = patience == Timeout.InfiniteTimeSpan || TimeProvider.System.GetElapsedTime(since) < patience;
                // Another coordinator may be taking over, or the store may be busy.
                if (exception is not (CoordinatorLostException or DurableStoreException) || connect is null || !mayRepeat)
                    throw;
                await Task.Delay(ReopenPause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Whether the pool can be opened again. A durable pool returns with its coordinator; any other needs a second coordinator.
    /// </summary>
    private static bool CanReopen(string? connect, PoolOptions options) =>
        connect is not null && (options.DurableName is not null || ConnectionTarget.Parse(connect).Addresses.Count > 1);

    /// <summary>Opens the pool at the runtime's coordinator.</summary>
    /// <param name="runtime">The connection.</param>
    /// <param name="spec">The options for the coordinator.</param>
    /// <param name="options">The options for the client.</param>
    /// <param name="reconnect">The connection that finds the next coordinator; null when the pool cannot be opened again.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<PoolSession> OpenAsync(
        IClientRuntime runtime, PoolSpec spec, PoolOptions options, CoordinatorConnection? reconnect, CancellationToken cancellationToken)
    {
        runtime.RequireWorkers(spec.Processes);
        var session = new PoolSession(runtime, spec, options, reconnect);
        session.RequireSendable(spec);
        foreach (var call in new[] { options.Initializer?.Call, options.State?.Call }.OfType<PreparedCall>())
            session.PrepareReferences(call, JobPolicy.Once);
        await session.OpenAtAsync(runtime, ToTimerLimit(options.ConnectTimeout), cancellationToken).ConfigureAwait(false);
        return session;
    }

    /// <summary>Refuses functions of the workers whose arguments are too large for the message that opens the pool.</summary>
    private void RequireSendable(PoolSpec spec)
    {
        var functions = new[] { spec.Services, spec.Initializer, spec.State }.OfType<FunctionRef>();
        var subject = $"The arguments of {string.Join(", ", functions.Select(static function => function.Name))}";
        var length = (long)spec.ServicesArguments.Length + spec.InitializerArguments.Length + spec.StateArguments.Length;
        if (_rules.IsRemote && length > WireLimits.LargestPayload)
            throw new PayloadTooLargeException(WireLimits.DescribeTooLarge(subject, length));
        if (length > ExecutorProtocol.LargestPayload)
            throw new PayloadTooLargeException(WireLimits.DescribeTooLargeForWorker(subject, length));
    }

    /// <summary>Returns a timeout that a timer supports, in place of an unlimited one.</summary>
    private static TimeSpan ToTimerLimit(TimeSpan timeout) =>
        TimeoutRule.RequireValid(timeout) is var limit && limit >= TimeSpan.Zero ? limit : TimeoutRule.Maximum;
}
