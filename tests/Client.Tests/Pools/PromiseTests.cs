using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class PromiseTests
{
    private Promise<int> _promise;

    [Fact]
    public async Task Succeed_BeforeTaskIsRead_CompletesTheTask()
    {
        _promise.Succeed(7);

        Assert.True(_promise.Task.IsCompletedSuccessfully);
        Assert.Same(_promise.Task, _promise.Task);
        Assert.Equal(7, await _promise.Task);
    }

    [Fact]
    public async Task Succeed_WithWaiter_CompletesTheWait()
    {
        var asked = _promise.Task;
        Assert.False(asked.IsCompleted);

        _promise.Succeed(7);

        Assert.Equal(7, await asked);
        Assert.Same(asked, _promise.Task);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fail_WithOrWithoutWaiter_ThrowsFromTask(bool isAsked)
    {
        if (isAsked)
            _ = _promise.Task;

        _promise.Fail(new FormatException("wrong"));

        Assert.Equal("wrong", (await Assert.ThrowsAsync<FormatException>(() => _promise.Task)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_SecondTime_ChangesNothing(bool isAsked)
    {
        if (isAsked)
            _ = _promise.Task;
        _promise.Succeed(1);
        _promise.Succeed(2);
        _promise.Fail(new FormatException());

        Assert.Equal(1, await _promise.Task);
    }

    [Fact]
    public async Task Task_Completed_RunsContinuationOnAnotherThread()
    {
        var continued = ContinueAsync(_promise.Task);
        var ending = new Thread(() => _promise.Succeed(7));
        ending.Start();

        Assert.NotEqual(ending.ManagedThreadId, await continued);

        static async Task<int> ContinueAsync(Task<int> task)
        {
            await task.ConfigureAwait(false);
            return Environment.CurrentManagedThreadId;
        }
    }

    /// <summary>A caller that asks while it ends gets the end too.</summary>
    [Fact]
    public async Task Task_ReadWhileSet_Completes()
    {
        for (var i = 0; i < 20_000; i++)
        {
            var racing = new Racing();
            using var both = new Barrier(2);
            var ending = Task.Run(() =>
            {
                both.SignalAndWait();
                racing.Promise.Succeed(i);
            });
            both.SignalAndWait();
            Assert.Equal(i, await racing.Promise.Task.WaitAsync(TimeSpan.FromSeconds(30)));
            await ending;
        }
    }

    private sealed class Racing
    {
        public Promise<int> Promise;
    }
}
