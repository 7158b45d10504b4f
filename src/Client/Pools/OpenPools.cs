using System.Collections.Concurrent;

namespace Actors.Pools;

/// <summary>The open pools of this process. Reports forgotten pools when the process exits. Thread-safe.</summary>
internal static class OpenPools
{
    private static readonly ConcurrentDictionary<IPoolSession, int> Open = new();

    static OpenPools() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (var session in Open.Keys)
            ReportForgotten(session);
    };

    public static void AddPool(IPoolSession session, int processes) => Open[session] = processes;

    public static void RemovePool(IPoolSession session) => Open.TryRemove(session, out _);

    /// <summary>Reports a forgotten pool on standard error, once, unless all its processes have ended.</summary>
    public static void ReportForgotten(IPoolSession session)
    {
        if (!Open.TryRemove(session, out var processes) || session.Finished.IsCompleted)
            return;
        var size = processes == 0 ? "" : $" of {processes}";
        StandardError.WriteLine(
            $"ProcessPool: a pool{size} was never disposed and had {session.PendingJobs} unfinished jobs; its processes are terminated "
            + "now. "
            + "Create pools with 'await using', or call DisposeAsync.");
    }
}
