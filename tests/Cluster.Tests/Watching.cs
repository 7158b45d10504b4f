using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>Waiting for what a pool tells of its executors.</summary>
internal static class Watching
{
    /// <summary>Ends when the pool's executors are as wanted.</summary>
    public static async Task ExecutorsAsync(this ProcessPool pool, Predicate<IReadOnlyCollection<ExecutorInfo>> wanted)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(ExecutorInfo? changed)
        {
            if (wanted(pool.Executors))
                met.TrySetResult();
        }

        pool.ExecutorChanged += Look;
        Look(null);
        await met.Task.WaitAsync(Guard.Longest);
        pool.ExecutorChanged -= Look;
    }

    /// <summary>Ends when so many executors are ready.</summary>
    public static Task ExecutorsAsync(this ProcessPool pool, int count) => pool.ExecutorsAsync(executors => executors.Count == count);
}
