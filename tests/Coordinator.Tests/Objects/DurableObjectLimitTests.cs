using System.Text;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects.Durable;
using Actors.Coordinator.Tests.Journals;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Testing;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// Clients fill durable queues, leave, and come back as others. The queue refuses items above its limit, and gives out its items.
/// </summary>
public sealed class DurableObjectLimitTests : PatientTestKit
{
    private const string Limits =
        "actors.durable-limits { memory = 1MiB, memory-each = 512KiB, store-space = 1GiB, store-check-interval = 10s }";

    private static readonly JournalPlugins Plugins = new("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");

    private IActorRef _queue;

    public DurableObjectLimitTests()
        : base(ConfigurationFactory.ParseString(Limits).WithFallback(HeldJournal.At("held-journal"))) => _queue = Start("queue");

    private DurableUsage Usage => DurableUsage.FindUsage(Sys)!;

    [Fact]
    public void Put_CallersThatLeave_AreRefusedAboveTheLimit()
    {
        Assert.Equal(ObjectStatus.Ok, Open().Status);
        var answers = Enumerable.Range(0, 20).Select(_ => AskAsNewCaller(ObjectOperation.Put, new byte[100 << 10])).ToList();

        Assert.Equal(4, answers.Count(answer => answer.Status == ObjectStatus.Ok));
        Assert.All(answers.Skip(4), answer => Assert.Equal(ObjectStatus.OverLimit, answer.Status));
        Assert.StartsWith(
            "The durable queue 'queue' keeps as much as one durable pool or queue may", Text(answers[^1]), StringComparison.Ordinal);
        Assert.Contains("actors.durable-limits.memory-each", Text(answers[^1]), StringComparison.Ordinal);
        Assert.InRange(Usage.Memory, 400 << 10, 512 << 10);

        Assert.Equal(4, AskAsNewCaller(ObjectOperation.Count).Number);
        var taker = CallerId.New();
        Assert.Equal(ObjectStatus.Ok, Ask(taker, 1, 1, ObjectOperation.Get).Status);
        Tell(new DurableObjectProtocol.DurableReplyReceived(Id("queue"), taker, 1));
        Assert.Equal(ObjectStatus.Ok, AskAsNewCaller(ObjectOperation.Put, new byte[100 << 10]).Status);
    }

    /// <summary>The refusal settles earlier calls and is not applied after a reload.</summary>
    [Fact]
    public void Put_RefusedThenReloaded_IsNotApplied()
    {
        var caller = CallerId.New();
        Assert.Equal(ObjectStatus.Ok, Open(caller).Status);
        Assert.Equal(ObjectStatus.Ok, Ask(caller, 2, 2, ObjectOperation.Put, new byte[400 << 10]).Status);
        Assert.Equal(ObjectStatus.OverLimit, Ask(caller, 3, 3, ObjectOperation.Put, new byte[200 << 10]).Status);
        // A repeated call is not answered by itself, and the comparison finds the refusal.
        Tell(new DurableObjectProtocol.CallerHeartbeat(Id("queue"), caller, 1, 3, [new CallRange(3, 3)], [], [], false));
        Assert.Equal(ObjectStatus.OverLimit, ExpectMsg<DurableObjectProtocol.DurableObjectReply>().Reply.Status);
        ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>();
        Reload();

        Assert.Equal(1, Ask(caller, 4, 4, ObjectOperation.Count).Number);
        Assert.Equal(ObjectStatus.Ok, Ask(caller, 5, 5, ObjectOperation.Get).Status);
    }

    /// <summary>Each comparison repeats all answers that the caller has not received.</summary>
    [Fact]
    public void Heartbeat_ManyAtOnce_RepeatsTheAnswersFewTimes()
    {
        const int Heartbeats = 100;
        var caller = CallerId.New();
        Assert.Equal(ObjectStatus.Ok, Open(caller).Status);
        for (var number = 1; number <= Heartbeats; number++)
            Tell(new DurableObjectProtocol.CallerHeartbeat(Id("queue"), caller, number, 1, [new CallRange(1, 1)], [], [], false));

        var answers = 0;
        FishForMessage(message => message is DurableObjectProtocol.CallerHeartbeatReply { Number: Heartbeats }
            || (message is DurableObjectProtocol.DurableObjectReply && answers++ < 0));
        // A slow machine takes long enough for a few more.
        Assert.InRange(answers, 1, 20);
    }

    /// <summary>A client that sent calls while the store was slow filled the memory. Callers repeat calls that are not answered.</summary>
    [Fact]
    public void Call_JournalIsNotRead_WaitsUpToALimit()
    {
        const int Calls = 40;
        _queue = Start("queue", Plugins with { Journal = "held-journal" });
        for (var call = 0; call < Calls; call++)
            TellCall("queue", CallerId.New(), 1, 1, ObjectOperation.Put, new byte[1 << 20]);
        HeldJournal.Release(Sys);

        // The answer to the last call comes after all others. It is repeated like a caller's, because the first may be dropped too.
        var (last, answers) = (CallerId.New(), 0);
        AwaitAssert(
            () =>
            {
                TellCall("queue", last, 1, 1, ObjectOperation.Count);
                FishForMessage(
                    message => message is DurableObjectProtocol.DurableObjectReply reply && (reply.Caller == last || answers++ < 0),
                    TimeSpan.FromMilliseconds(500));
            },
            TimeSpan.FromSeconds(20));
        Assert.InRange(answers, 1, Calls / 2);
    }

    [Fact]
    public void Put_Waiting_CountsTowardTheLimit()
    {
        Assert.Equal(ObjectStatus.Ok, Open(capacity: 1).Status);
        Assert.Equal(ObjectStatus.Ok, AskAsNewCaller(ObjectOperation.Put, new byte[10]).Status);
        for (var waiting = 0; waiting < 4; waiting++)
            TellCall("queue", CallerId.New(), 1, 1, ObjectOperation.Put, new byte[100 << 10]);

        Assert.Equal(ObjectStatus.OverLimit, AskAsNewCaller(ObjectOperation.Put, new byte[100 << 10]).Status);
        // A refusal is not written, and overtakes the records of the waiting puts. This answer follows them.
        Assert.Equal(ObjectStatus.Ok, AskAsNewCaller(ObjectOperation.Count).Status);
        Reload();
        Assert.Equal(ObjectStatus.OverLimit, AskAsNewCaller(ObjectOperation.Put, new byte[100 << 10]).Status);
    }

    [Fact]
    public void Get_TooManyWait_IsRefused()
    {
        Assert.Equal(ObjectStatus.Ok, Open().Status);
        for (var waiting = 0; waiting < 1000; waiting++)
            TellCall("queue", CallerId.New(), 1, 1, ObjectOperation.Get);

        Assert.Equal(ObjectStatus.OverLimit, ExpectMsg<DurableObjectProtocol.DurableObjectReply>().Reply.Status);
        Assert.InRange(Usage.Memory, 0, 1 << 20);
    }

    [Fact]
    public void Open_NewQueuesAboveTheTotal_AreRefused()
    {
        var answers = Enumerable.Range(0, 40).Select(number =>
        {
            _queue = Start($"{number}");
            return Open(name: $"{number}");
        }).ToList();

        Assert.Contains(answers, answer => answer.Status == ObjectStatus.Ok);
        Assert.Contains("actors.durable-limits.memory (", Text(answers[^1]), StringComparison.Ordinal);
    }

    /// <summary>The numbers of a caller are those of its own calls, and a hostile one may send any.</summary>
    [Theory]
    [InlineData(long.MinValue, 0, long.MaxValue, long.MaxValue)]
    [InlineData(-1, 0, long.MaxValue - 1, long.MaxValue - 1)]
    [InlineData(0, 0, long.MaxValue - 1, long.MaxValue - 1)]
    [InlineData(1, 1, long.MinValue, long.MinValue)]
    public void Call_ForgedNumbers_DoesNotHarmTheQueue(long settled, long call, long nextSettled, long nextCall)
    {
        Assert.Equal(ObjectStatus.Ok, Open().Status);
        var hostile = CallerId.New();
        TellCall("queue", hostile, settled, call, ObjectOperation.Count);
        TellCall("queue", hostile, nextSettled, nextCall, ObjectOperation.Count);
        Tell(new DurableObjectProtocol.CallerHeartbeat(
            Id("queue"), hostile, 1, long.MaxValue, [new CallRange(long.MinValue, long.MaxValue)], [new CallRange(5, 1)],
            [new CallRange(long.MaxValue, long.MinValue)], IsLeaving: true));
        FishForMessage(message => message is DurableObjectProtocol.CallerHeartbeatReply);

        Assert.Equal(ObjectStatus.Ok, AskAsNewCaller(ObjectOperation.Put, new byte[10]).Status);
        Reload();
        Assert.Equal(1, AskAsNewCaller(ObjectOperation.Count).Number);
    }

    private static string Text(ObjectReply reply) => Encoding.UTF8.GetString(reply.Payloads[0].Span);

    private static ObjectId Id(string name) => ObjectId.FromDurableName(name, 7);

    private IActorRef Start(string name, JournalPlugins? plugins = null)
    {
        var (id, store) = (Id(name), plugins ?? Plugins);
        Func<string?, object> farewell = _ => "farewell";
        return Sys.ActorOf(Props.Create(() => new DurableObjectActor(id, store, TimeProvider.System, farewell)));
    }

    private void Reload()
    {
        Watch(_queue);
        Sys.Stop(_queue);
        ExpectTerminated(_queue);
        _queue = Start("queue");
    }

    private ObjectReply Open(CallerId? caller = null, string name = "queue", long capacity = 0) => Ask(
        caller ?? CallerId.New(), 1, 1, ObjectOperation.Open, new DurableObjectSpec(name, ObjectKind.Queue, "T").ToPayload(), capacity,
        name);

    private ObjectReply AskAsNewCaller(ObjectOperation operation, ReadOnlyMemory<byte> payload = default) =>
        Ask(CallerId.New(), 1, 1, operation, payload);

    private ObjectReply Ask(
        CallerId caller, long settled, long call, ObjectOperation operation, ReadOnlyMemory<byte> payload = default, long number = 1,
        string name = "queue")
    {
        TellCall(name, caller, settled, call, operation, payload, number);
        var answer = (DurableObjectProtocol.DurableObjectReply)FishForMessage(
            message => message is DurableObjectProtocol.DurableObjectReply reply && reply.Caller == caller);
        Assert.Equal(call, answer.Reply.Call);
        return answer.Reply;
    }

    private void TellCall(
        string name, CallerId caller, long settled, long call, ObjectOperation operation, ReadOnlyMemory<byte> payload = default,
        long number = 1) => Tell(new DurableObjectProtocol.CallDurableObject(
            Id(name), caller, settled, new ObjectCall(Id(name), call, operation, -1, number, payload.IsEmpty ? [] : [payload])));

    private void Tell(DurableObjectProtocol.ICallerMessage message) => _queue.Tell(message, TestActor);
}
