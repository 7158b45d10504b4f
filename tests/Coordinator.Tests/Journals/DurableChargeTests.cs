using Actors.Coordinator.Journals;
using Akka.Configuration;

namespace Actors.Coordinator.Tests.Journals;

/// <summary><see cref="DurableCharge"/> and <see cref="DurableLimits"/>.</summary>
public sealed class DurableChargeTests
{
    private readonly DurableUsage _usage = new(new DurableLimits(10 << 20, 4 << 20, 1 << 20, TimeSpan.FromSeconds(10)));

    [Fact]
    public void FindRefusal_Nothing_IsNeverRefused()
    {
        using var charge = new DurableCharge(_usage);
        charge.SetContent(20 << 20);
        _usage.SetStoreSize(long.MaxValue);
        Assert.Null(charge.FindRefusal("x", 0));
        Assert.NotNull(charge.FindRefusal("x", 1));
        // Content can always be removed.
        Assert.Null(charge.FindCallRefusal("x", 1 << 10));
        Assert.NotNull(charge.FindCallRefusal("x", (1 << 20) + 1));
    }

    [Fact]
    public void NeedsPause_ResultsAboveTheLimit_UntilTheyAreFewer()
    {
        using var charge = new DurableCharge(_usage);
        charge.SetContent(9 << 20, results: 4 << 20);
        Assert.False(charge.NeedsPause);
        charge.SetContent(9 << 20, results: (4 << 20) + 1);
        Assert.True(charge.NeedsPause);
        charge.SetContent(9 << 20);
        Assert.False(charge.NeedsPause);
    }

    /// <summary>A pool without results is not the cause, and its jobs may be few.</summary>
    [Fact]
    public void NeedsPause_ResultsOfAllPoolsAboveTheTotal_PausesThoseWithResults()
    {
        var charges = Enumerable.Range(0, 4).Select(_ => new DurableCharge(_usage)).ToList();
        foreach (var charge in charges.Take(3))
            charge.SetContent(4 << 20, results: 4 << 20);
        charges[3].SetContent(1 << 20);
        Assert.Equal([true, true, true, false], charges.Select(charge => charge.NeedsPause));
        charges[0].Dispose();
        Assert.False(charges[1].NeedsPause);
    }

    [Fact]
    public void Dispose_LeavesNothing()
    {
        using (var charge = new DurableCharge(_usage))
        {
            charge.SetContent(5);
            charge.Add(10);
            Assert.InRange(_usage.Memory, 15, 1 << 20);
        }

        Assert.Equal(0, _usage.Memory);
    }

    [Fact]
    public void ReadLimits_Zero_IsAPartOfTheMemory()
    {
        var limits = DurableLimits.ReadLimits(ConfigurationFactory.ParseString(
            "actors.durable-limits { memory = 0, memory-each = 0, store-space = 0, store-check-interval = 1s }"))!;
        Assert.Equal(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3, limits.Memory);
        Assert.Equal((limits.Memory / 2, long.MaxValue), (limits.MemoryEach, limits.StoreSpace));
        Assert.Null(DurableLimits.ReadLimits(Config.Empty));
        Assert.Null(new DurableCharge(null).FindRefusal("x", long.MaxValue));
    }
}
