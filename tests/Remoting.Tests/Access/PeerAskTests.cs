using Actors.Remoting.Access;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Remoting.Tests.Access;

public sealed class PeerAskTests : PatientTestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task AskAsync_Answered_ReturnsTheAnswer()
    {
        var answer = PeerAsk.AskAsync<string>(TestActor, "question", Long);
        ExpectMsg("question");
        LastSender.Tell("answer", TestActor);
        Assert.Equal("answer", await answer);
    }

    [Fact]
    public async Task AskAsync_WithoutAnAnswer_TimesOut() =>
        await Assert.ThrowsAsync<AskTimeoutException>(() => PeerAsk.AskAsync<string>(TestActor, "question", TimeSpan.FromMilliseconds(1)));

    [Fact]
    public async Task AskAsync_AnswerOfAnotherProcess_IsDropped()
    {
        var answer = PeerAsk.AskAsync<string>(TestActor, "question", Long);
        ExpectMsg("question");
        LastSender.Tell("forged", ActorRefs.NoSender);
        LastSender.Tell("forged", new FarRef("peer"));
        LastSender.Tell("answer", TestActor);
        Assert.Equal("answer", await answer);
    }

    [Fact]
    public async Task AskAsync_FailureAnswered_Throws()
    {
        var answer = PeerAsk.AskAsync<string>(TestActor, "question", Long);
        ExpectMsg("question");
        LastSender.Tell(new Status.Failure(new ArithmeticException()), TestActor);
        await Assert.ThrowsAsync<ArithmeticException>(() => answer);
    }

    /// <summary>The thread that cancels holds locks that the continuation needs.</summary>
    [Fact]
    public async Task AskAsync_Canceled_ContinuesOnAnotherThread()
    {
        using var cancel = new CancellationTokenSource();
        var continued = PeerAsk.AskAsync<string>(TestActor, "question", Long, cancel.Token)
            .ContinueWith(_ => Environment.CurrentManagedThreadId, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        var canceller = new Thread(cancel.Cancel);
        canceller.Start();
        Assert.NotEqual(canceller.ManagedThreadId, await continued);
    }
}
