using Actors.Chaos.Injection;
using Actors.Chaos.Plans;

namespace Actors.Chaos.Tests;

public class FaultRunnerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<InjectionRecord> _records = [];

    /// <summary>The last fault would have no time to recover before the end of the run.</summary>
    [Fact]
    public async Task Run_FaultAfterTheLimit_IsSkippedWithoutAQuestionToTheCluster()
    {
        var plan = ChaosPlanReader.ReadText("plan.conf", "chaos.faults = [{ kind = kill-worker, at = 30s }]");
        var schedule = ChaosSchedule.CreateSchedule(plan, 1, TimeSpan.FromSeconds(100));
        // It is asked nothing, so the test needs none.
        var runner = new FaultRunner(null!, plan, () => Limit + TimeSpan.FromSeconds(1), _records.Add);

        await runner.RunAsync(schedule, Limit, CancellationToken.None);

        var record = Assert.Single(_records);
        Assert.Equal(InjectionStatus.Skipped, record.Status);
        Assert.Equal("the previous faults took longer than planned", record.Detail);
        Assert.Equal(TimeSpan.Zero, runner.LastEnd);
    }
}
