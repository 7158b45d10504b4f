using System.Collections.Immutable;
using System.Diagnostics;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Testing;
using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class RunSpansTests
{
    private const long Second = 1_000_000;
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void BeginRuns_TracedJob_ProcessContinuesTheSpanOfTheNode()
    {
        using var spans = new RecordedSpans("begun");
        var runs = new RunSpans("begun", isOnCluster: true);

        var jobs = runs.BeginRuns([CreateJob(1), CreateJob(2) with { Policy = JobPolicy.Once }], processId: 7);
        runs.EndRuns([Succeeded(1), Succeeded(2)], busyMicroseconds: 0);

        var run = Assert.Single(spans.Ended);
        Assert.Equal(Parent, run.ParentId);
        Assert.Equal((run.Id, 7), (jobs[0].Policy.Trace!.Parent, run.GetTagItem("process.pid")));
        Assert.Null(jobs[1].Policy.Trace);
    }

    [Fact]
    public void BeginRuns_ProgramOfAClient_ReturnsTheSameJobs()
    {
        using var spans = new RecordedSpans("local");
        ImmutableArray<JobSpec> jobs = [CreateJob(1)];

        Assert.Equal(jobs, new RunSpans("local", isOnCluster: false).BeginRuns(jobs, processId: 7));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10 * Second)]
    [InlineData(long.MaxValue)]
    public void EndRuns_AnyReportedTime_SpansFollowEachOtherWithinTheTimeSinceTheyWereSent(long busyMicroseconds)
    {
        using var spans = new RecordedSpans($"reported {busyMicroseconds}");
        var runs = new RunSpans($"reported {busyMicroseconds}", isOnCluster: true);
        var before = TimeProvider.System.GetUtcNow().UtcDateTime;

        runs.BeginRuns([CreateJob(1), CreateJob(2)], processId: 7);
        runs.EndRuns([Succeeded(1), Succeeded(2)], busyMicroseconds);

        Assert.Equal([1L, 2L], spans.Ended.Select(span => span.GetTagItem("actors.job.id")));
        Assert.All(spans.Ended, span => Assert.InRange(span.StartTimeUtc, before, TimeProvider.System.GetUtcNow().UtcDateTime));
        Assert.All(spans.Ended, span => Assert.InRange(span.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void EndLostRun_JobOfACrashedProcess_EndsWithTheReason()
    {
        using var spans = new RecordedSpans("crashed");
        var runs = new RunSpans("crashed", isOnCluster: true);

        runs.BeginRuns([CreateJob(1), CreateJob(2)], processId: 7);
        runs.EndLostRun(new JobId(1), TimeSpan.FromMilliseconds(1), ExecutorExitReason.Crashed);

        var run = Assert.Single(spans.Ended);
        Assert.Equal((ActivityStatusCode.Error, "crashed"), (run.Status, run.GetTagItem("error.type")));
    }

    [Fact]
    public void DropRuns_ReturnedJob_HasNoSpan()
    {
        using var spans = new RecordedSpans("returned");
        var runs = new RunSpans("returned", isOnCluster: true);

        runs.BeginRuns([CreateJob(1)], processId: 7);
        runs.DropRuns([new JobId(1)]);
        runs.EndRuns([Succeeded(1)], busyMicroseconds: 1);

        Assert.Empty(spans.Ended);
    }

    private static JobSpec CreateJob(long id) => new(
        new JobId(id), new FunctionRef("Function", default), default, JobPolicy.Once with { Trace = new JobTrace(Parent) });

    private static JobOutcome Succeeded(long id) => new(new JobId(id), JobStatus.Succeeded, default, null, 1);
}
