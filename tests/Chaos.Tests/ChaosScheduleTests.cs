using Actors.Chaos.Plans;

namespace Actors.Chaos.Tests;

public class ChaosScheduleTests
{
    private const string Faults =
        "{ kind = kill-worker, every = 5s }, { kind = pause-node, every = 20s, for = 3s }, { kind = kill-node, at = 30s }";

    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(5);

    [Fact]
    public void CreateSchedule_SameSeed_GivesSameFaults()
    {
        Assert.Equal(Describe(Create(42)), Describe(Create(42)));
        Assert.NotEqual(Describe(Create(42)), Describe(Create(43)));
    }

    /// <summary>A seed in an old report must give the same run in a later version.</summary>
    [Fact]
    public void CreateSchedule_Seed_GivesTheseFaults() => Assert.Equal(
        "kill-worker 11.42 6; kill-worker 17.43 3; kill-worker 21.11 2",
        string.Join("; ", Create(1, "{ kind = kill-worker, every = 5s }").Take(3).Select(fault =>
            FormattableString.Invariant(
                $"{fault.Planned.Name} {fault.At.TotalSeconds:0.00} {fault.ChooseFrom(Enumerable.Range(0, 13).ToList())}"))));

    [Fact]
    public void CreateSchedule_AnySeed_KeepsFaultsApartAndBeforeTheEnd()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var faults = Create(seed);
            Assert.All(faults, fault => Assert.InRange(
                fault.At, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(280) - fault.Planned.Duration));
            Assert.All(faults.Zip(faults.Skip(1)), pair =>
                Assert.True(pair.Item2.At - pair.Item1.At - pair.Item1.Planned.Duration >= TimeSpan.FromSeconds(3)));
            Assert.Equal(3, faults.Select(fault => fault.Planned.Name).Distinct().Count());
        }
    }

    [Fact]
    public void CreateSchedule_ManySeeds_ChooseEveryTarget()
    {
        var targets = Enumerable.Range(0, 50).Select(seed => Create(seed)[0].ChooseFrom(new[] { "a", "b", "c" }));

        Assert.Equal(["a", "b", "c"], targets.Distinct().Order());
    }

    [Theory]
    [InlineData(25)]
    [InlineData(30)]
    public void CreateSchedule_TooShort_SaysSo(int seconds) => Assert.Contains(
        "Pass a longer --for",
        Assert.Throws<ChaosPlanException>(
            () => ChaosSchedule.CreateSchedule(Read("{ kind = kill-node, at = 60s }"), 1, TimeSpan.FromSeconds(seconds))).Message,
        StringComparison.Ordinal);

    private static IReadOnlyList<ScheduledFault> Create(long seed, string faults = Faults) =>
        ChaosSchedule.CreateSchedule(Read(faults), seed, Duration);

    private static ChaosPlan Read(string faults) =>
        ChaosPlanReader.ReadText("plan.conf", $"chaos {{ warm-up = 10s, cool-down = 20s, spacing = 3s, faults = [ {faults} ] }}");

    private static string Describe(IReadOnlyList<ScheduledFault> faults) =>
        string.Join("; ", faults.Select(fault => $"{fault.Planned.Name} {fault.At} {fault.Choice}"));
}
