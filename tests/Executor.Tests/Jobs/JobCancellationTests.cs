using Actors.Executor.Jobs;

namespace Actors.Executor.Tests.Jobs;

public class JobCancellationTests
{
    [Fact]
    public void RequestCancellation_BeforeTheJobsBegin_KeepsAll()
    {
        var cancellation = new JobCancellation();
        for (var job = 1; job <= 5; job += 2)
            cancellation.RequestCancellation(job);
        for (var job = 1; job <= 6; job++)
        {
            Assert.Equal(job % 2 == 1, cancellation.BeginJob(job).IsCancellationRequested);
            cancellation.EndJob();
        }
    }

    [Fact]
    public void RequestCancellation_JobsNeverCome_KeepsTheNewestOnly()
    {
        var cancellation = new JobCancellation();
        for (var job = 1; job <= JobCancellation.MaxRequested + 1; job++)
            cancellation.RequestCancellation(job);
        Assert.False(cancellation.BeginJob(1).IsCancellationRequested);
        Assert.True(cancellation.BeginJob(2).IsCancellationRequested);
        Assert.True(cancellation.BeginJob(JobCancellation.MaxRequested + 1).IsCancellationRequested);
    }
}
