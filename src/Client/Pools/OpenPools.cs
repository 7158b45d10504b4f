using System.Collections.Concurrent;

namespace Actors.Pools;

/// <summary>The pools of this process that nobody has ended yet; says at the process's end which were forgotten. Thread-safe.</summary>
internal static class OpenPools
{
    private static readonly ConcurrentDictionary<PoolSession, int> Open = new();

    static OpenPools() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (var session in Open.Keys)
            Report(session);
    };

    public static void Add(PoolSession session, int processes) => Open[session] = processes;

    public static void Remove(PoolSession session) => Open.TryRemove(session, out _);

    /// <summary>Says on standard error that the pool was forgotten: once, and not when all its processes have ended.</summary>
    public static void Report(PoolSession session)
    {
        if (!Open.TryRemove(session, out var processes) || session.Finished.IsCompleted)
            return;
        var size = processes == 0 ? "" : $" of {processes}";
        StandardError.WriteLine(
            $"ProcessPool: a pool{size} was never disposed and {session.PendingJobs} of its jobs had not ended; its processes are ended now. "
            + "Create pools with 'await using', or call DisposeAsync.");
    }
}
