namespace Actors.WorkerNode.Executors;

/// <summary>
/// Decides when a lost executor is replaced: at once, or after a growing pause if executors did not become ready. The pool decides when to
/// stop trying, because it sees all nodes.
/// </summary>
public sealed class RestartPolicy
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private int _failedStarts;

    /// <summary>Called when an executor became ready. Resets the pause.</summary>
    public void OnExecutorReady() => _failedStarts = 0;

    /// <summary>Called when an executor has ended.</summary>
    /// <param name="wasReady">Whether it had become ready.</param>
    /// <returns>The pause before the next start.</returns>
    public TimeSpan OnExecutorEnded(bool wasReady)
    {
        if (wasReady)
            return TimeSpan.Zero;
        _failedStarts++;
        var pause = FirstPause * Math.Pow(2, Math.Min(_failedStarts - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }
}
