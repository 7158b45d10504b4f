using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>Waits for changes of a pool's workers.</summary>
internal static class Watching
{
    /// <summary>Waits until the pool's workers meet a condition.</summary>
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

    /// <summary>Waits until this many workers are ready.</summary>
    public static Task ExecutorsAsync(this ProcessPool pool, int count) => pool.ExecutorsAsync(executors => executors.Count == count);
}
