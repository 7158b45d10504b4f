using Xunit.Abstractions;

namespace Actors.Soak.Tests.Support;

/// <summary>Repeats something and looks whether anything of it stays.</summary>
internal static class Repetition
{
    private const int Rounds = 200;

    /// <summary>What is made once in the life of a process has been made then, and what is called often has been compiled.</summary>
    private const int WarmUpRounds = 40;

    /// <summary>How long something may stay after its last use: threads of the pool, and of remoting, end 20 s later.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(30);

    /// <param name="round">Starts something, uses it and disposes of it.</param>
    /// <param name="look">Reads what the process has that may leak.</param>
    /// <param name="findFiles">Finds the files that may be left.</param>
    /// <param name="output">Where the figures go.</param>
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

        Assert.True(after.AreFlatSince(before), $"{Rounds} rounds left something behind.\nbefore: {before}\nafter:  {after}");
        Assert.True(files.Length <= filesBefore.Length, $"{Rounds} rounds left files behind:\n{string.Join('\n', files.Except(filesBefore))}");
    }

    private static async Task RepeatAsync(int times, Func<Task> round)
    {
        for (var i = 0; i < times; i++)
            await round();
    }

    /// <summary>The least of each that is seen in some time: by then, what was only about to end has ended.</summary>
    private static async Task<Resources> LowestAsync(Func<Resources> look)
    {
        var lowest = look();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var end = Environment.TickCount64 + SettleTime.TotalMilliseconds; Environment.TickCount64 < end; await timer.WaitForNextTickAsync())
            lowest = lowest.LeastWith(look());
        return lowest;
    }
}
