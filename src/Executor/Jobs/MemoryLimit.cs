using Actors.Messages.Jobs;

namespace Actors.Executor.Jobs;

/// <summary>The limit of the managed heap that the node has set for this process, if it has.</summary>
internal static class MemoryLimit
{
    private static bool _isSet;

    /// <summary>Notes whether there is a limit. To be called before the variables of the node are restored.</summary>
    public static void ReadLimit() => _isSet = Environment.GetEnvironmentVariable("DOTNET_GCHeapHardLimit") is not null;

    /// <summary>Whether the function failed because the heap has come to that limit; without a limit it is an exception like any other.</summary>
    public static bool IsExceededBy(Exception exception)
    {
        for (var cause = _isSet ? exception : null; cause is not null; cause = cause.InnerException)
        {
            if (cause is OutOfMemoryException)
                return true;
        }

        return false;
    }

    /// <summary>What the caller is told.</summary>
    public static FailureInfo CreateFailure() =>
        FailureInfo.FromMessage("Actors.MemoryLimit", "It could not allocate more: its executor, which is replaced, took more memory than the pool allows.");
}
