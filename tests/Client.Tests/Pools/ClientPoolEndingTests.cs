using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class ClientPoolEndingTests
{
    private readonly ClientPoolEnding _ending = new();

    [Fact]
    public void Refusal_EachReason_NamesTheFirstOfFailureEndAndEarlierClose()
    {
        var (closed, lost, failed) = (new InvalidOperationException(), new IOException(), new PoolFailedException("failed"));
        Assert.Null(_ending.Refusal);

        _ending.OnOpened(closed);
        Assert.Same(closed, _ending.Refusal);
        Assert.Null(_ending.Reason);
        _ending.EndWith(lost);
        _ending.EndWith(new IOException());
        Assert.Same(lost, _ending.Refusal);
        _ending.OnFailed(failed);
        Assert.Same(failed, _ending.Refusal);
        _ending.OnReopening();
        Assert.Same(lost, _ending.Reason);
    }

    [Fact]
    public void TryClose_SessionThatAcceptsNoJobs_ReturnsFalse()
    {
        Assert.True(_ending.TryClose());
        Assert.Equal((ClientPoolEnd.Closing, true, false), (_ending.Request, _ending.WasClosed, _ending.IsRequested));
        Assert.False(_ending.TryClose());
        Assert.Contains("closed", _ending.Refusal!.Message, StringComparison.Ordinal);
    }

    /// <summary>The pool of a lost coordinator is opened anew, so the request to close it follows its jobs again.</summary>
    [Fact]
    public void RepeatClosing_ClosedPool_ClosesAgainAfterTheJobs()
    {
        _ending.SetRequest(ClientPoolEnd.Closed);
        Assert.True(_ending.IsRequested);

        _ending.RepeatClosing();

        Assert.Equal((ClientPoolEnd.Closing, false), (_ending.Request, _ending.IsRequested));
    }

    [Fact]
    public void RepeatClosing_TerminatedPool_RemainsTerminated()
    {
        _ending.SetRequest(ClientPoolEnd.Terminated);

        _ending.RepeatClosing();

        Assert.Equal(ClientPoolEnd.Terminated, _ending.Request);
    }

    [Fact]
    public void BeginTermination_Closing_ReplacesTheReasonAndClosesNoMore()
    {
        _ending.TryClose();

        _ending.BeginTermination();

        Assert.Equal((ClientPoolEnd.None, true), (_ending.Request, _ending.WasClosed));
        Assert.IsType<PoolTerminatedException>(_ending.Reason);
    }

    [Fact]
    public void CanDetach_Terminated_WaitsForTheEndOfThePool()
    {
        Assert.True(_ending.CanDetach);
        _ending.SetRequest(ClientPoolEnd.Terminated);
        Assert.Equal((false, true), (_ending.CanDetach, _ending.IsFinal));
        _ending.Finish();
        Assert.True(_ending.CanDetach);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BeginDetaching_FinishedPool_KeepsItsReason(bool isFinished)
    {
        _ending.TryClose();
        if (isFinished)
            _ending.Finish();

        _ending.BeginDetaching("jobs");

        Assert.Equal(isFinished, _ending.Reason is not PoolTerminatedException);
    }
}
