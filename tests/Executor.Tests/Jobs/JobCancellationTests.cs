using Actors.Executor.Jobs;

namespace Actors.Executor.Tests.Jobs;

public class JobCancellationTests
{
    [Fact]
    public void RequestsBeforeTheirJobs_AreAllKept()
    {
        var cancellation = new JobCancellation();
        for (var job = 1; job <= 5; job += 2)
            cancellation.Request(job);
        for (var job = 1; job <= 6; job++)
        {
            Assert.Equal(job % 2 == 1, cancellation.JobBegins(job).IsCancellationRequested);
            cancellation.JobEnded();
        }
    }

    [Fact]
    public void RequestsOfJobsThatNeverCome_DoNotGather()
    {
        var cancellation = new JobCancellation();
        for (var job = 1; job <= JobCancellation.MaxRequested + 1; job++)
            cancellation.Request(job);
        Assert.False(cancellation.JobBegins(1).IsCancellationRequested);
        Assert.True(cancellation.JobBegins(2).IsCancellationRequested);
        Assert.True(cancellation.JobBegins(JobCancellation.MaxRequested + 1).IsCancellationRequested);
    }
}
