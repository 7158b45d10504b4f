using Actors.Pools;

namespace Actors;

/// <content>The finalizer of forgotten pools.</content>
public partial class ProcessPool
{
    /// <summary>
    /// Reports a forgotten pool on standard error, as Python's <c>ResourceWarning</c>, and terminates it, or detaches from it when it is
    /// durable. A pool with unfinished jobs is never collected.
    /// </summary>
    ~ProcessPool()
    {
        OpenPools.ReportForgotten(_session);
        var session = _session;
        // Not on the finalizer thread, which all other finalizers share.
        var isDurable = IsDurable;
        _ = Task.Run(() => EndForgottenAsync(session, isDurable));
    }

    /// <summary>Forgets the pool without a report, because the simulation that it was part of has ended.</summary>
    internal void Abandon() => OpenPools.RemovePool(_session);

    private static async Task EndForgottenAsync(IPoolSession session, bool isDurable)
    {
        if (isDurable)
            await ((IDurablePoolSession)session).DetachClientAsync().ConfigureAwait(false);
        else
            session.Terminate();
        await session.Finished.ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        await session.ReleaseAsync().ConfigureAwait(false);
    }
}
