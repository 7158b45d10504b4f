using Actors.Messages.Executors;

namespace Actors.Executor.Functions;

/// <summary>Records the running item of a chunk, for its function and for the node. A local copy costs a short item the least.</summary>
/// <param name="context">The job, for its function; null for none.</param>
/// <param name="progress">The progress that the node reads; null outside of an executor.</param>
/// <param name="start">The index of the first item in the map.</param>
internal readonly struct ItemMarker(JobContext? context, ExecutorProgress? progress, long start)
{
    /// <summary>Called before the function is called for an item of the chunk, counted from 0.</summary>
    public void BeginItem(int item)
    {
        context?.BeginItem(start + item);
        progress?.BeginItem(item + 1);
    }

    /// <summary>Called after the last item.</summary>
    public void EndItems() => progress?.BeginItem(ExecutorProgress.ItemsEnded);
}
