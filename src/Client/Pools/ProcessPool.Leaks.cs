using Actors.Pools;
using Actors.Runtime;

namespace Actors;

/// <content>The finalizer of forgotten pools.</content>
public sealed partial class ProcessPool
{
    /// <summary>
    /// Reports a forgotten pool on standard error, as Python's <c>ResourceWarning</c>, and terminates it, or detaches from it when it is
    /// durable. A pool with unfinished jobs is never collected.
    /// </summary>
    ~ProcessPool()
    {
        OpenPools.ReportForgotten(_session);
        var (session, runtime) = (_session, _session.Runtime);
        // Not on the finalizer thread, which all other finalizers share.
        var isDurable = IsDurable;
        _ = Task.Run(() => EndForgottenAsync(session, runtime, isDurable));
    }

    private static async Task EndForgottenAsync(PoolSession session, IClientRuntime runtime, bool isDurable)
    {
        if (isDurable)
            session.DetachClient();
        else
            session.Terminate();
        await session.Finished.ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        await runtime.DisposeAsync().ConfigureAwait(false);
    }
}
