using System.Collections.Concurrent;

namespace Actors;

/// <summary>The processes that this one has started and that have not ended. Waits at its end for those that are no daemons. Thread-safe.</summary>
internal static class WorkerProcesses
{
    private static readonly ConcurrentDictionary<WorkerProcess, bool> Running = new();

    static WorkerProcesses() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (var process in Running.Keys.Where(process => !process.IsDaemon))
            process.Exited.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
    };

    public static IReadOnlyList<WorkerProcess> All => [.. Running.Keys.Where(process => process.IsAlive)];

    public static void Add(WorkerProcess process)
    {
        Running[process] = true;
        process.Exited.ContinueWith(_ => Remove(process), TaskScheduler.Default);
    }

    public static void Remove(WorkerProcess process) => Running.TryRemove(process, out _);
}
