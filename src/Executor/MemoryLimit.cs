using Actors.Messages.Jobs;

namespace Actors.Executor;

/// <summary>The limit of the managed heap that the node has set for this process, if any.</summary>
internal static class MemoryLimit
{
    private static bool _isSet;

    /// <summary>Reads whether there is a limit. Call it before the environment variables are restored.</summary>
    public static void ReadLimit() => _isSet = Environment.GetEnvironmentVariable("DOTNET_GCHeapHardLimit") is not null;

    /// <summary>
    /// Whether the function failed because the heap reached the limit. Without a limit, this exception is like any other.
    /// </summary>
    public static bool IsExceededBy(Exception exception)
    {
        for (var cause = _isSet ? exception : null; cause is not null; cause = cause.InnerException)
        {
            if (cause is OutOfMemoryException)
                return true;
        }

        return false;
    }

    /// <summary>Creates the failure for the caller.</summary>
    public static FailureInfo CreateFailure() =>
        FailureInfo.FromMessage(
            "Actors.MemoryLimit",
            "The job needed more memory than the pool allows (MaxMemoryPerWorker). Its worker is replaced. Use less memory, or raise the "
            + "limit.");
}
