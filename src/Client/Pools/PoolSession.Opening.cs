using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Pools;
using Actors.Objects;
using Actors.Remoting;
using Actors.Remoting.Bundles;
using Actors.Runtime;

namespace Actors.Pools;

/// <summary>How a pool is opened.</summary>
internal sealed partial class PoolSession
{
    /// <summary>For how long a coordinator that goes while a pool is opened is no reason to give up.</summary>
    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(15);

    /// <summary>Opens a pool in this program, or at whichever coordinator takes it.</summary>
    /// <param name="connect">Where coordinators are; null for this program's own.</param>
    /// <param name="processes">How many executors it wants; 0 for all that there are.</param>
    /// <param name="options">How it is to be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PoolSession> OpenAsync(string? connect, int processes, PoolOptions options, CancellationToken cancellationToken)
    {
        PublishedForm.Require();
        for (var since = Environment.TickCount64; ;)
        {
            var runtime = await ClientRuntime.AcquireAsync(connect, cancellationToken).ConfigureAwait(false);
            try
            {
                var bundle = await runtime.ProvideCodeAsync(options.DurableName is not null, cancellationToken).ConfigureAwait(false);
                var spec = ProcessPool.Spec(processes, bundle, options);
                return await OpenAsync(runtime, spec, options, Reopening(connect, options), cancellationToken).ConfigureAwait(false);
            }
            catch (CoordinatorLostException) when (connect is not null && Environment.TickCount64 - since < OpenPatience.TotalMilliseconds)
            {
                await runtime.DisposeAsync().ConfigureAwait(false);
                await Task.Delay(ReopenPause, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await runtime.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>A durable pool comes back with its coordinator; any other needs another coordinator to go to.</summary>
    private static Func<CancellationToken, Task<IClientRuntime>>? Reopening(string? connect, PoolOptions options) =>
        connect is not null && (options.DurableName is not null || HostPort.ParseList(connect).Count > 1)
            ? token => ClientRuntime.AcquireAsync(connect, token)
            : null;

    /// <summary>Opens the pool at the runtime's coordinator.</summary>
    /// <param name="runtime">The way there.</param>
    /// <param name="spec">How it is to be.</param>
    /// <param name="options">What concerns the client alone.</param>
    /// <param name="reopen">Another way, when that one is lost; null where there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PoolSession> OpenAsync(
        IClientRuntime runtime, PoolSpec spec, PoolOptions options,
        Func<CancellationToken, Task<IClientRuntime>>? reopen, CancellationToken cancellationToken)
    {
        runtime.RequireWorkers(spec.Processes);
        var session = new PoolSession(runtime, spec, options, reopen);
        if (session._isRemote && spec.InitializerArguments.Length > WireLimits.LargestPayload)
            throw new PayloadTooLargeException(WireLimits.TooLarge($"The arguments of {spec.Initializer?.Name}", spec.InitializerArguments.Length));
        if (spec.InitializerArguments.Length > ExecutorProtocol.LargestPayload)
            throw new PayloadTooLargeException(WireLimits.TooLargeForWorker($"The arguments of {spec.Initializer?.Name}", spec.InitializerArguments.Length));
        if (options.Initializer?.Call.Kept is { } kept)
            ObjectProxy.RequireHome(kept, runtime.Objects);
        await session.OpenAtAsync(runtime, cancellationToken).ConfigureAwait(false);
        return session;
    }
}
