namespace Actors.WorkerNode.Executors;

/// <summary>
/// When a lost executor is replaced: at once, unless the ones before it never became ready; then after a growing pause. Whether to give
/// up is the pool's decision, which sees every node.
/// </summary>
internal sealed class RestartPolicy
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private int _failedStarts;

    /// <summary>An executor became ready: what failed before is forgotten.</summary>
    public void OnExecutorReady() => _failedStarts = 0;

    /// <summary>An executor has ended.</summary>
    /// <param name="wasReady">Whether it had become ready.</param>
    /// <returns>How long to wait before the next start.</returns>
    public TimeSpan OnExecutorEnded(bool wasReady)
    {
        if (wasReady)
            return TimeSpan.Zero;
        _failedStarts++;
        var pause = FirstPause * Math.Pow(2, Math.Min(_failedStarts - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }
}
