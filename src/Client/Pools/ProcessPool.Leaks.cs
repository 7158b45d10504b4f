using Actors.Pools;
using Actors.Runtime;

namespace Actors;

/// <content>A pool that nobody ended.</content>
public sealed partial class ProcessPool
{
    /// <summary>
    /// The pool was forgotten: says so on standard error, as Python's <c>ResourceWarning</c> does, and ends it, or leaves it where it is durable. One with unfinished jobs
    /// is never collected.
    /// </summary>
    ~ProcessPool()
    {
        OpenPools.Report(_session);
        var (session, runtime) = (_session, _session.Runtime);
        // Not on the finalizer's thread, which all others wait for.
        var isDurable = IsDurable;
        _ = Task.Run(() => EndForgottenAsync(session, runtime, isDurable));
    }

    private static async Task EndForgottenAsync(PoolSession session, IClientRuntime runtime, bool isDurable)
    {
        if (isDurable)
            session.Detach();
        else
            session.Terminate();
        await session.Finished.ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        await runtime.DisposeAsync().ConfigureAwait(false);
    }
}
