namespace Actors.Cluster.Tests.Programs;

/// <summary>The longest wait of tests. A longer one is a hang.</summary>
internal static class Guard
{
    public const int Milliseconds = 180_000;

    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait for a job whose coordinator may be lost meanwhile, on a busy machine.</summary>
    public static readonly TimeSpan LongestFailover = Longest * 2;

    /// <summary>
    /// Waits until the condition holds. For events that the system does not report, such as the end of a grandchild process.
    /// </summary>
    public static Task UntilAsync(Func<bool> condition, TimeSpan? longest = null) =>
        UntilAsync(() => Task.FromResult(condition()), longest);

    /// <summary>Waits until an asynchronous condition holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan? longest = null)
    {
        using var timeout = new CancellationTokenSource(longest ?? Longest);
        while (!await condition())
            await Task.Delay(20, timeout.Token);
    }
}
