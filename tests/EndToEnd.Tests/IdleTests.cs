using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>A program that has nothing to do leaves the processor to others.</summary>
public sealed class IdleTests
{
    private const double MostWakeUps = 60;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    /// <summary>Looks several times: for some seconds after its start, the runtime compiles what has run often.</summary>
    [Fact]
    public async Task Pool_WithNothingToDo_SeldomWakes()
    {
        using var client = ClientProgram.StartTestClient("idle");
        Assert.Equal("idle", await client.Output.ReadLineAsync().Soon());

        var fewest = double.MaxValue;
        for (var look = 0; look < 8 && fewest >= MostWakeUps; look++)
            fewest = Math.Min(fewest, await WakeUps.PerSecondAsync(client.ProcessId, Window));

        Assert.InRange(fewest, 0, MostWakeUps);
    }
}
