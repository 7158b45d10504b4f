using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using CsCheck;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Random schedules of a pipe: messages are received once and in order, in spite of deaths and abandoned calls.</summary>
public sealed class PipeStatePropertyTests
{
    private static readonly Caller Sender = new(1);
    private static readonly Caller Keeper = new(2);

    [Fact]
    public void Receive_ReceiversDieOrAbandon_EachMessageOnceAndInOrder() =>
        Gen.Int[0, 4].Array[0, 120].Sample(Run, iter: 1000);

    [Fact]
    public void Receive_OtherEndDied_ReturnsItsMessagesThenTheEnd()
    {
        var pipe = new PipeState();
        pipe.Ask(Sender, Send(1, 7));
        pipe.Die(Sender);
        Assert.Equal([7], pipe.Ask(Keeper, Receive(1))[0].Items());
        Assert.Equal(ObjectStatus.Broken, Assert.Single(pipe.Ask(Keeper, Receive(2))).Status);
    }

    [Fact]
    public void Receive_OtherEndWasPassedOn_WaitsForItsNextUser()
    {
        var pipe = new PipeState();
        Assert.Equal(ObjectStatus.Ok, pipe.Ask(Keeper, Close(1, passedOn: true))[0].Status);
        Assert.Empty(pipe.Ask(Keeper, Receive(2)));
        Assert.Equal(ObjectStatus.Broken, pipe.Ask(Sender, Close(1, passedOn: false))[^1].Status);
    }

    [Fact]
    public void Receive_MessageTooLong_LeavesIt()
    {
        var pipe = new PipeState();
        pipe.Ask(Sender, Send(1, 7));
        var refused = Assert.Single(pipe.Ask(Keeper, Receive(1) with { Number = 1 + 2 }));
        Assert.Equal((ObjectStatus.OutOfBounds, 1), (refused.Status, refused.Number));
        Assert.Equal([7], pipe.Ask(Keeper, Receive(2))[0].Items());
    }

    [Fact]
    public void Send_AboveTheUnreadLimit_WaitsForTheReader()
    {
        var pipe = new PipeState();
        var large = Send(1, 0) with { Payloads = [new byte[PipeSide.UnreadLimit]] };
        Assert.Single(pipe.Ask(Sender, large));
        Assert.Empty(pipe.Ask(Sender, Send(2, 1)));
        Assert.Equal(2, pipe.Ask(Keeper, Receive(1)).Count);
    }

    private static void Run(int[] steps)
    {
        var pipe = new PipeState();
        pipe.Ask(Keeper, new ObjectCall(default, 0, ObjectOperation.PipeOpen, 0, 1, []));
        var (sent, received, call) = (0, 0, 0L);
        foreach (var step in steps)
        {
            var caller = new Caller(100 + (int)++call);
            if (step == 0)
            {
                Assert.Single(pipe.Ask(Sender, Send(call, (byte)sent++)));
                continue;
            }

            var reply = Assert.Single(pipe.Ask(caller, Receive(call, timeout: 0)));
            Assert.Equal(sent > received ? ObjectStatus.Ok : ObjectStatus.TimedOut, reply.Status);
            if (step == 1)
                pipe.Die(caller);
            else if (step == 2)
                pipe.Abandon(caller, call);
            else if (reply.Status == ObjectStatus.Ok)
                Confirm(pipe, caller, reply, received++);
        }
    }

    private static void Confirm(PipeState pipe, Caller caller, ObjectReply reply, int expected)
    {
        Assert.Equal([(byte)expected], reply.Items());
        pipe.ConfirmReceipt(caller, reply.Call);
        Assert.Empty(pipe.Die(caller));
    }

    private static ObjectCall Send(long call, byte item) => new(default, call, ObjectOperation.PipeSend, -1, 0, [new byte[] { item }]);

    private static ObjectCall Receive(long call, long timeout = -1) => new(default, call, ObjectOperation.PipeReceive, timeout, 1, []);

    private static ObjectCall Close(long call, bool passedOn) =>
        new(default, call, ObjectOperation.PipeClose, -1, 0, passedOn ? [new byte[1]] : []);
}
