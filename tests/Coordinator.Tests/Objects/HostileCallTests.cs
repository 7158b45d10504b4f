using Actors.Coordinator.Objects;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// User code in a worker can make any call on a managed object. Only that call fails, and the object continues for others.
/// </summary>
public sealed class HostileCallTests
{
    private static readonly Caller Hostile = new(1);
    private static readonly Caller Honest = new(2);

    public static TheoryData<ObjectKind> Kinds => [.. Enum.GetValues<ObjectKind>()];

    /// <summary>Seeds are the same in every run.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Call_AnyOnAnyKind_IsAnsweredAndTheObjectContinues(ObjectKind kind)
    {
        var operations = OperationsOf(kind);
        for (var seed = 0; seed < 1000; seed++)
        {
            var (random, state, now) = (new Random(seed), Make(kind), TimeSpan.Zero);
            for (var step = 0; step < 50; step++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(3));
                Step(random, operations, state, now);
            }

            state.RemoveCaller(Hostile, now, []);
            RequireItGoesOn(kind, state, now, seed);
        }
    }

    /// <summary>A second permit, item or message under the number of the first could not be returned.</summary>
    [Theory]
    [InlineData(ObjectKind.Queue)]
    [InlineData(ObjectKind.Semaphore)]
    [InlineData(ObjectKind.Pipe)]
    public void Call_NumberUsedTwice_LosesNoItem(ObjectKind kind)
    {
        var state = Make(kind);
        var (take, count) = kind switch
        {
            ObjectKind.Queue => (ObjectCalls.Get(1), ObjectCalls.Get(9, most: 10)),
            ObjectKind.Semaphore => (SyncCalls.Of(ObjectOperation.SemaphoreAcquire, 1), SyncCalls.Of(ObjectOperation.SemaphoreCount, 9)),
            _ => (SyncCalls.Of(ObjectOperation.PipeReceive, 1), SyncCalls.Of(ObjectOperation.PipeReceive, 9)),
        };
        if (kind == ObjectKind.Queue)
            state.Ask(Honest, ObjectCalls.Put(1, [1, 2]));
        if (kind == ObjectKind.Pipe)
        {
            state.Ask(Honest, SyncCalls.Of(ObjectOperation.PipeOpen, 6));
            state.Ask(Honest, SyncCalls.Of(ObjectOperation.PipeSend, 7, 1) with { Payloads = [new byte[] { 1 }] });
            state.Ask(Honest, SyncCalls.Of(ObjectOperation.PipeSend, 8, 1) with { Payloads = [new byte[] { 2 }] });
        }

        Assert.Equal(ObjectStatus.Ok, Assert.Single(state.Ask(Hostile, take)).Status);
        Assert.Equal(ObjectStatus.NotSupported, Assert.Single(state.Ask(Hostile, take)).Status);
        state.Die(Hostile);

        var left = Assert.Single(state.Ask(Honest, count));
        Assert.Equal(kind == ObjectKind.Pipe ? 1 : 2, left.Number);
        if (kind == ObjectKind.Pipe)
            Assert.Equal((1, 2), (left.Items()[0], Assert.Single(state.Ask(Honest, count with { Call = 10 })).Items()[0]));
    }

    [Fact]
    public void Serve_LowestNumber_AnswersNoCallAndReceivesTheNext()
    {
        var state = Make(ObjectKind.Service);
        state.Ask(Hostile, SyncCalls.Of(ObjectOperation.Serve, 1));
        state.Ask(Honest, SyncCalls.Of(ObjectOperation.Invoke, 1));
        Assert.Empty(state.Ask(Hostile, SyncCalls.Of(ObjectOperation.Serve, 2, long.MinValue)));
        Assert.Equal(2, Assert.Single(state.Ask(Honest, SyncCalls.Of(ObjectOperation.Invoke, 2))).Call);
    }

    private static IManagedObjectState Make(ObjectKind kind) => ObjectStates.CreateState(new ObjectProtocol.CreateManagedObject(
        default, kind, kind switch { ObjectKind.Semaphore => 2, ObjectKind.Barrier => 2, ObjectKind.Bytes => 100, _ => 0 },
        kind is ObjectKind.Value or ObjectKind.List ? [new byte[] { 1 }] : []))!;

    /// <summary>The operations that a kind supports, with payloads of any number and length.</summary>
    private static ObjectOperation[] OperationsOf(ObjectKind kind)
    {
        var random = new Random(1);
        return [.. Enum.GetValues<ObjectOperation>().Where(operation => Enumerable.Range(0, 40).Any(_ =>
            Make(kind).Ask(Hostile, HostileCalls.Next(random, [operation]) with { Operation = operation, TimeoutMilliseconds = -1 })
                .All(IsTaken)))];
    }

    private static bool IsTaken(ObjectReply reply) => reply.Status != ObjectStatus.NotSupported;

    private static void Step(Random random, ObjectOperation[] operations, IManagedObjectState state, TimeSpan now)
    {
        var call = HostileCalls.Next(random, operations);
        var answers = new List<ObjectAnswer>();
        switch (random.Next(10))
        {
            case 0: state.ConfirmReceipt(Hostile, call.Call); break;
            case 1: state.AbandonCall(Hostile, call.Call, now, answers); break;
            case 2: state.ExpireCalls(now, answers); break;
            default: state.HandleCall(random.Next(8) == 0 ? Honest : Hostile, call, now, answers); break;
        }

        _ = state.NextDeadline;
        Assert.All(answers, answer => Assert.False(answer.Reply.Payloads.IsDefault));
    }

    private static void RequireItGoesOn(ObjectKind kind, IManagedObjectState state, TimeSpan now, int seed)
    {
        const long Call = 1000;
        state.RemoveCaller(Honest, now, []);
        var asked = kind switch
        {
            ObjectKind.Queue or ObjectKind.PriorityQueue or ObjectKind.LifoQueue => ObjectCalls.Put(Call, [1]),
            ObjectKind.Lock or ObjectKind.ReentrantLock => ObjectCalls.Acquire(Call),
            ObjectKind.List => SyncCalls.Of(ObjectOperation.ListAdd, Call),
            ObjectKind.Dictionary => SyncCalls.Of(ObjectOperation.DictionaryClear, Call),
            ObjectKind.Value => SyncCalls.Of(ObjectOperation.GetValue, Call),
            ObjectKind.Bytes => new ObjectCall(default, Call, ObjectOperation.WriteBytes, -1, 99, [new byte[] { 7 }]),
            ObjectKind.Semaphore => SyncCalls.Of(ObjectOperation.SemaphoreCount, Call),
            ObjectKind.Event => SyncCalls.Of(ObjectOperation.EventSet, Call),
            ObjectKind.Barrier => SyncCalls.Of(ObjectOperation.BarrierReset, Call),
            ObjectKind.Pipe => SyncCalls.Of(ObjectOperation.PipePoll, Call, timeout: 0),
            _ => SyncCalls.Of(ObjectOperation.AwaitService, Call, timeout: 0),
        };
        var answer = Assert.Single(state.Ask(Honest, asked, now));
        // If the hostile process served the object or used its end, the object ends with it.
        ObjectStatus[] expected = kind switch
        {
            ObjectKind.Lock or ObjectKind.ReentrantLock => [ObjectStatus.Ok, ObjectStatus.OkAbandoned],
            ObjectKind.Service => [ObjectStatus.TimedOut, ObjectStatus.Broken],
            ObjectKind.Pipe => [ObjectStatus.Ok, ObjectStatus.TimedOut, ObjectStatus.NotHeld, ObjectStatus.Broken],
            _ => [ObjectStatus.Ok],
        };
        Assert.True(expected.Contains(answer.Status), $"{kind}, seed {seed}: {answer.Status}");
        if (kind == ObjectKind.Semaphore)
            Assert.InRange(answer.Number, 0, int.MaxValue);
    }
}
