using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class JobHandleTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private readonly ProcessPool _pool = warm.Pool;

    [Fact]
    public async Task Get_TimeoutExpires_ThrowsAndTheJobContinues()
    {
        using var checkpoint = new Checkpoint();
        var job = _pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        Assert.Throws<TimeoutException>(() => job.Get(TimeSpan.FromMilliseconds(20)));

        held.Release();
        Assert.Equal(held.ProcessId, job.Get(Waiting.Guard));
    }

    [Fact]
    public async Task Get_TokenIsCanceled_ThrowsAndTheJobContinues()
    {
        using var checkpoint = new Checkpoint();
        var job = _pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        using var giveUp = new CancellationTokenSource();
        var waiting = Task.Run(() => job.Wait(cancellationToken: giveUp.Token));

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting).Soon();
        Assert.ThrowsAny<OperationCanceledException>(() => job.Get(cancellationToken: giveUp.Token));
        held.Release();
        Assert.Equal(held.ProcessId, job.Get(Waiting.Guard));
    }

    [Fact]
    public void Get_FunctionThrew_ThrowsItsExceptionItself() =>
        Assert.Equal("why", Assert.Throws<FormatException>(() => _pool.ApplyAsync(Throw).Get(Waiting.Guard)).Message);

    [Fact]
    public async Task Wait_RunningJob_ReturnsWhetherItHasEnded()
    {
        using var checkpoint = new Checkpoint();
        var job = _pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        Assert.False(job.Wait(TimeSpan.Zero));
        Assert.False(job.IsCompleted);
        held.Release();
        Assert.True(job.Wait(Waiting.Guard));
        Assert.True(job.IsCompleted);
    }

    [Fact]
    public void Wait_FunctionThrew_DoesNotThrow()
    {
        var job = _pool.ApplyAsync(Throw);

        Assert.True(job.Wait(Waiting.Guard));
        Assert.False(job.IsSuccessful);
    }

    [Fact]
    public async Task IsSuccessful_JobHasNotEnded_Throws()
    {
        using var checkpoint = new Checkpoint();
        var job = _pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        Assert.Throws<InvalidOperationException>(() => job.IsSuccessful);

        held.Release();
        await job.Soon();
        Assert.True(job.IsSuccessful);
    }

    [Fact]
    public async Task Attempts_JobSucceeded_IsOne()
    {
        var job = _pool.ApplyAsync(() => 1);
        await job.Soon();

        Assert.Equal(1, job.Attempts);
    }

    [Fact]
    public async Task Id_OfLaterJob_IsHigher()
    {
        var first = _pool.ApplyAsync(() => 1);
        var second = _pool.ApplyAsync(() => 2);
        await Task.WhenAll(first.Task, second.Task).Soon();

        Assert.Equal(first.Id + 1, second.Id);
    }

    private static int Throw() => throw new FormatException("why");
}
