using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>A program that has nothing to do leaves the processor to others.</summary>
public sealed class IdleTests
{
    private const double MostWakeUps = 60;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    /// <summary>Looks several times: for some seconds after its start, the runtime compiles what has run often.</summary>
    [LongTheory]
    [InlineData("idle")]
    [InlineData("consume")]
    public async Task Pool_WithNothingToDo_SeldomWakes(string what)
    {
        using var client = ClientProgram.StartTestClient(what);
        Assert.Equal("idle", await client.Output.ReadLineAsync().Soon());

        var fewest = double.MaxValue;
        for (var look = 0; look < 8 && fewest >= MostWakeUps; look++)
            fewest = Math.Min(fewest, await WakeUps.PerSecondAsync(client.ProcessId, Window));

        Assert.InRange(fewest, 0, MostWakeUps);
    }
}
