namespace Actors.Executor.Jobs;

/// <summary>
/// Frees the arguments of earlier jobs before large ones are decoded, which then take their memory. The garbage collector alone lets
/// several such values pile up, and the system takes many times as long to provide the memory of each as the copy takes.
/// </summary>
internal static class EarlierArguments
{
    /// <summary>The least arguments in bytes. Providing their memory takes longer than a collection of a small heap.</summary>
    private const int Least = 64 << 20;

    /// <summary>The largest heap, as a multiple of the arguments. A collection of a larger one could take longer than it saves.</summary>
    private const int LargestHeap = 4;

    /// <summary>Collects the garbage of earlier jobs, if new arguments of this length are large.</summary>
    public static void FreeMemory(long length)
    {
        if (length >= Least && GC.GetTotalMemory(forceFullCollection: false) / LargestHeap <= length)
            GC.Collect();
    }
}
