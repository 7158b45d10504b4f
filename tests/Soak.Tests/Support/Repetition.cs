using Xunit.Abstractions;

namespace Actors.Soak.Tests.Support;

/// <summary>Repeats an action and verifies that it leaks no resources.</summary>
internal static class Repetition
{
    private const int Rounds = 200;

    /// <summary>The rounds before the measurement. After them, singletons exist and hot methods are compiled.</summary>
    private const int WarmUpRounds = 40;

    /// <summary>
    /// The time limit for the release of resources. Threads of the thread pool and of remoting end 20 s after their last use.
    /// </summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(30);

    /// <param name="round">Creates, uses and disposes an object.</param>
    /// <param name="look">Reads the resources of the process.</param>
    /// <param name="findFiles">Finds the existing files.</param>
    /// <param name="output">The output of the test.</param>
    public static async Task RunAsync(Func<Task> round, Func<Resources> look, Func<string[]> findFiles, ITestOutputHelper output)
    {
        await RepeatAsync(WarmUpRounds, round);
        var before = await LowestAsync(look);
        var filesBefore = findFiles();
        output.WriteLine($"after {WarmUpRounds} rounds: {before}, {filesBefore.Length} files");

        await RepeatAsync(Rounds, round);
        var after = await LowestAsync(look);
        var files = findFiles();
        output.WriteLine($"after {Rounds} more: {after}, {files.Length} files");

        Assert.True(after.AreFlatSince(before), $"{Rounds} rounds leaked resources.\nbefore: {before}\nafter:  {after}");
        Assert.True(
            files.Length <= filesBefore.Length, $"{Rounds} rounds left files:\n{string.Join('\n', files.Except(filesBefore))}");
    }

    private static async Task RepeatAsync(int times, Func<Task> round)
    {
        for (var i = 0; i < times; i++)
            await round();
    }

    /// <summary>
    /// Returns the minimum of each resource during the settle time, so that resources that are being released do not count.
    /// </summary>
    private static async Task<Resources> LowestAsync(Func<Resources> look)
    {
        var lowest = look();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var end = Environment.TickCount64 + SettleTime.TotalMilliseconds;
        for (; Environment.TickCount64 < end; await timer.WaitForNextTickAsync())
            lowest = lowest.LeastWith(look());
        return lowest;
    }
}
