using System.Collections.Concurrent;
using Actors.Logging;

namespace Actors.Pools;

/// <summary>The open pools of this process. Reports forgotten pools when the process exits. Thread-safe.</summary>
internal static class OpenPools
{
    private static readonly ConcurrentDictionary<IPoolSession, (int Processes, string Name)> Open = new();

    static OpenPools() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (var session in Open.Keys)
            ReportForgotten(session);
    };

    /// <summary>A snapshot of the open pools, with their names.</summary>
    public static IEnumerable<(IPoolSession Session, string Name)> All => Open.Select(static pool => (pool.Key, pool.Value.Name));

    public static void AddPool(IPoolSession session, int processes, string name) => Open[session] = (processes, name);

    public static void RemovePool(IPoolSession session) => Open.TryRemove(session, out _);

    /// <summary>Reports a forgotten pool, once, unless all its processes have ended.</summary>
    public static void ReportForgotten(IPoolSession session)
    {
        if (!Open.TryRemove(session, out var pool) || session.Finished.IsCompleted)
            return;
        var size = pool.Processes == 0 ? "" : $" of {pool.Processes}";
        ClientLog.Write(new ClientMessage(
            ClientEvent.PoolForgotten,
            $"ProcessPool: a pool{size} was never disposed and had {session.PendingJobs} unfinished jobs; its processes are terminated "
            + "now. "
            + "Create pools with 'await using', or call DisposeAsync."));
    }
}
