using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Remoting.Serialization;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Remoting.Tests.Serialization;

/// <summary>A message that is too large is cut, or its sender learns that it was discarded.</summary>
public sealed class OversizedMessageTests : PatientTestKit
{
    private readonly WireSerializer _serializer;

    public OversizedMessageTests()
        : base(UnprovenLinks.Of(RoleConfiguration.CreateClient()))
    {
        _serializer = new WireSerializer((ExtendedActorSystem)Sys);
        Sys.EventStream.Subscribe(TestActor, typeof(MessageDiscarded));
    }

    [Fact]
    public void Serialize_DoneWithHugeFailureAndResult_ReportsBoth()
    {
        var failure = FailureInfo.FromMessage("T",
            "m") with
        { MoreInner = [.. Enumerable.Repeat(FailureInfo.FromMessage("T", new string('x', 1 << 20)), 30)] };
        var done = new NodeProtocol.JobsDone(default, [Outcome(1, null, 18 << 20), Outcome(2, failure, 0), Outcome(3, null, 10)], 5);

        var arrived = RoundTrip(done);

        Assert.Equal([JobStatus.Refused, JobStatus.Threw, JobStatus.Succeeded], arrived.Outcomes.Select(outcome => outcome.Status));
        Assert.Contains(nameof(PayloadTooLargeException), arrived.Outcomes[0].Failure!.TypeName, StringComparison.Ordinal);
        Assert.Contains("more characters were cut]", arrived.Outcomes[1].Failure!.MoreInner[29].Message, StringComparison.Ordinal);
        Assert.Equal(10, arrived.Outcomes[2].Payload.Length);
    }

    [Fact]
    public void Serialize_ExecutorExitedWithHugeFailure_ArrivesCut()
    {
        var failure = FailureInfo.FromMessage("T", new string('x', 20 << 20));
        var exited = new NodeProtocol.ExecutorExited(default, default, "n", 1, new ExecutorExit(ExecutorExitReason.InitializerThrew, 1, ""),
            default, default, failure);

        Assert.EndsWith("more characters were cut]", RoundTrip(exited).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Serialize_HugeAnswer_ArrivesAsARefusal()
    {
        using var peer = ActorSystem.Create("peer", UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        var address = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        var here = ((ExtendedActorSystem)peer).Provider.ResolveActorRef(TestActor.Path.ToStringWithAddress(address));
        var discarded = new TestProbe(peer, Assertions);
        peer.EventStream.Subscribe(discarded, typeof(MessageDiscarded));

        here.Tell(new ObjectReply(7, ObjectStatus.Ok, 1, [new byte[20 << 20]]));

        var reply = ExpectMsg<ObjectReply>(TimeSpan.FromSeconds(30));
        Assert.Equal((7, ObjectStatus.TooLarge, true), (reply.Call, reply.Status, reply.Number > 20 << 20));

        var call = new ObjectCall(default, 8, ObjectOperation.Put, 0, 0, [new byte[20 << 20]]);
        here.Tell(call);

        Assert.Same(call, discarded.ExpectMsg<MessageDiscarded>(TimeSpan.FromSeconds(30)).Message);
        peer.Terminate();
    }

    private T RoundTrip<T>(T message)
        where T : IWireMessage =>
        (T)_serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message));

    private static JobOutcome Outcome(long job, FailureInfo? failure, int length) =>
        new(new JobId(job), failure is null ? JobStatus.Succeeded : JobStatus.Threw, new byte[length], failure, 1);
}
