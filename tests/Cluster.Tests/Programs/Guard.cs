namespace Actors.Cluster.Tests.Programs;

/// <summary>How long anything is waited for: what takes longer hangs.</summary>
internal static class Guard
{
    public const int Milliseconds = 180_000;

    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The same for a job whose coordinator may be lost meanwhile, on a machine that has much else to do.</summary>
    public static readonly TimeSpan LongestFailover = Longest * 2;

    /// <summary>Ends when the condition holds; for what the system tells nobody of, such as the end of a grandchild.</summary>
    public static Task UntilAsync(Func<bool> condition, TimeSpan? longest = null) => UntilAsync(() => Task.FromResult(condition()), longest);

    /// <summary>The same for what has to be asked for.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan? longest = null)
    {
        using var timeout = new CancellationTokenSource(longest ?? Longest);
        while (!await condition())
            await Task.Delay(20, timeout.Token);
    }
}
