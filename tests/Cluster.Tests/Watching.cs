using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>Waiting for what a pool tells of its executors.</summary>
internal static class Watching
{
    /// <summary>Ends when the pool's executors are as wanted.</summary>
    public static async Task ExecutorsAsync(this ProcessPool pool, Predicate<IReadOnlyCollection<WorkerInfo>> wanted)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(WorkerInfo? changed)
        {
            if (wanted(pool.Workers))
                met.TrySetResult();
        }

        pool.WorkerChanged += Look;
        Look(null);
        await met.Task.WaitAsync(Guard.Longest);
        pool.WorkerChanged -= Look;
    }

    /// <summary>Ends when so many executors are ready.</summary>
    public static Task ExecutorsAsync(this ProcessPool pool, int count) => pool.ExecutorsAsync(executors => executors.Count == count);
}
