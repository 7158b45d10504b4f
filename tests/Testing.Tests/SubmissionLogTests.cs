namespace Actors.Testing.Tests;

public sealed class SubmissionLogTests
{
    /// <summary>Otherwise a test that drains the pool between both would wait forever.</summary>
    [Fact]
    public async Task Changed_JobIsNotSubmittedYet_CompletesAfterItsSubmission()
    {
        await using var pool = TestPool.Manual();
        _ = pool.ApplyAsync(Jobs.Square, 2);
        var log = new SubmissionLog();
        var changed = log.Changed;

        log.AddJob(pool.Submitted[0]);
        Assert.False(changed.IsCompleted);
        Assert.False(log.IsIdle);

        log.ConfirmSubmission();
        Assert.True(changed.IsCompleted);
    }
}
