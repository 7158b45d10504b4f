using Actors.Executor.Jobs;

namespace Actors.Executor.Tests.Jobs;

public class JobCancellationTests
{
    private readonly JobCancellation _cancellation = new();

    [Fact]
    public void CancelJob_BeforeTheJobsBegin_KeepsAll()
    {
        for (var job = 1; job <= 5; job += 2)
            _cancellation.CancelJob(job, JobCancellationReason.Requested);
        for (var job = 1; job <= 6; job++)
        {
            Assert.Equal(job % 2 == 1, _cancellation.BeginJob(job).IsCancellationRequested);
            _cancellation.EndJob();
        }
    }

    [Fact]
    public void CancelJob_JobsNeverCome_KeepsTheNewestOnly()
    {
        for (var job = 1; job <= JobCancellation.MaxRequested + 1; job++)
            _cancellation.CancelJob(job, JobCancellationReason.Requested);
        Assert.False(_cancellation.BeginJob(1).IsCancellationRequested);
        Assert.True(_cancellation.BeginJob(2).IsCancellationRequested);
        Assert.True(_cancellation.BeginJob(JobCancellation.MaxRequested + 1).IsCancellationRequested);
    }

    [Fact]
    public void CancelJob_SeveralTimes_KeepsTheFirstReason()
    {
        var token = _cancellation.BeginJob(1).Token;
        Assert.Null(_cancellation.Reason);

        _cancellation.CancelJob(1, JobCancellationReason.Timeout);
        _cancellation.CancelJob(1, JobCancellationReason.Requested);
        _cancellation.CancelAll(JobCancellationReason.Drain);

        Assert.True(token.IsCancellationRequested);
        Assert.Equal(JobCancellationReason.Timeout, _cancellation.Reason);
    }

    /// <summary>The process ends soon, so a job that begins in the last moment must not miss the signal.</summary>
    [Fact]
    public void CancelAll_JobBeginsLater_CancelsIt()
    {
        _cancellation.BeginJob(1);
        _cancellation.EndJob();
        _cancellation.CancelAll(JobCancellationReason.ClientDisconnected);
        Assert.Null(_cancellation.Reason);

        Assert.Equal(JobCancellationReason.ClientDisconnected, _cancellation.BeginJob(2).Reason);
    }
}
