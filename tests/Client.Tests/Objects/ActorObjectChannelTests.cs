using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Client.Tests.Objects;

/// <summary>The messages of the channel to the coordinator, which the test plays, and its reaction to the answers.</summary>
public sealed class ActorObjectChannelTests : PatientTestKit
{
    private static readonly ObjectId Target = ObjectId.New();
    private readonly ActorObjectChannel _channel;

    public ActorObjectChannelTests() => _channel = new ActorObjectChannel(Sys, TestActor, TestActor, "home");

    [Fact]
    public async Task Call_Answered_AcknowledgesReceipt()
    {
        var answer = Send(ObjectOperation.Get);
        var call = ExpectMsg<ObjectCall>();
        Reply(call, 1);
        Assert.Equal(new ObjectReplyReceived(Target, call.Call), ExpectMsg<ObjectReplyReceived>());
        Assert.Equal(1, (await answer).Number);
    }

    [Fact]
    public async Task Call_Canceled_IsAbandonedAndLateReplyNotAcknowledged()
    {
        using var cancel = new CancellationTokenSource();
        var answer = Send(ObjectOperation.Get, cancel.Token);
        var call = ExpectMsg<ObjectCall>();
        await cancel.CancelAsync();
        Assert.Equal(new ObjectCallAbandoned(Target, call.Call), ExpectMsg<ObjectCallAbandoned>());
        Reply(call, 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);

        // Answers are taken in order: were the late one confirmed, that would come before this.
        var next = Send(ObjectOperation.Get);
        var second = ExpectMsg<ObjectCall>();
        Reply(second, 2);
        Assert.Equal(second.Call, ExpectMsg<ObjectReplyReceived>().Call);
        await next;
    }

    [Fact]
    public async Task Call_AnsweredTwice_ReturnsFirstReply()
    {
        var answer = Send(ObjectOperation.Get);
        var call = ExpectMsg<ObjectCall>();
        Reply(call, 1);
        Reply(call, 2);
        Assert.Equal(1, (await answer).Number);
    }

    [Fact]
    public async Task Call_LinkEnds_FailsPendingAndLaterCalls()
    {
        var (coordinator, link) = (CreateTestProbe(), CreateTestProbe());
        var channel = new ActorObjectChannel(Sys, coordinator, link, "home");
        var answer = channel.CallAsync(Target, ObjectOperation.Get, -1, 1, [], default).AsTask();
        var blocked = Task.Run(() => channel.Call(Target, ObjectOperation.Get, -1, 1, [], default));
        coordinator.ExpectMsg<ObjectCall>();
        coordinator.ExpectMsg<ObjectCall>();
        Sys.Stop(link);
        await Assert.ThrowsAsync<CoordinatorLostException>(() => answer);
        await Assert.ThrowsAsync<CoordinatorLostException>(() => blocked);
        await Assert.ThrowsAsync<CoordinatorLostException>(
            () => channel.CallAsync(Target, ObjectOperation.Count, -1, 0, [], default).AsTask());
    }

    private Task<ObjectReply> Send(ObjectOperation operation, CancellationToken cancellation = default) =>
        _channel.CallAsync(Target, operation, -1, 1, [], cancellation).AsTask();

    private void Reply(ObjectCall call, long number) => LastSender.Tell(new ObjectReply(call.Call, ObjectStatus.Ok, number, []));
}
