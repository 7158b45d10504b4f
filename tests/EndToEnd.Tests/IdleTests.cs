using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>An idle program uses next to no processor time.</summary>
public sealed class IdleTests
{
    private const double MostWakeUps = 60;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    /// <summary>Measures several times, because the runtime recompiles hot methods for some seconds after its start.</summary>
    [LongTheory]
    [InlineData("idle")]
    [InlineData("consume")]
    public async Task Pool_Idle_SeldomWakes(string mode)
    {
        using var client = ClientProgram.StartTestClient(mode);
        Assert.Equal("idle", await client.Output.ReadLineAsync().Soon());

        var fewest = double.MaxValue;
        for (var look = 0; look < 8 && fewest >= MostWakeUps; look++)
            fewest = Math.Min(fewest, await WakeUps.PerSecondAsync(client.ProcessId, Window));

        Assert.InRange(fewest, 0, MostWakeUps);
    }
}
