using System.Collections.Concurrent;

namespace Actors;

/// <summary>The running processes that this one started. Waits for non-daemon processes when this process exits. Thread-safe.</summary>
internal static class WorkerProcesses
{
    private static readonly ConcurrentDictionary<WorkerProcess, bool> Running = new();

    static WorkerProcesses() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (var process in Running.Keys.Where(process => !process.IsDaemon))
            process.Exited.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
    };

    public static IReadOnlyList<WorkerProcess> All => [.. Running.Keys.Where(process => process.IsAlive)];

    public static void AddProcess(WorkerProcess process)
    {
        Running[process] = true;
        process.Exited.ContinueWith(_ => RemoveProcess(process), TaskScheduler.Default);
    }

    public static void RemoveProcess(WorkerProcess process) => Running.TryRemove(process, out _);
}
