using System.Collections.Immutable;
using Actors.Coordinator.Objects;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Tests.Objects.Conformance;

/// <summary>The promises of every kind of managed object and of each of its operations.</summary>
public sealed class ObjectConformanceTests
{
    private static readonly Caller A = new(1);
    private static readonly Caller B = new(2);
    private static readonly long[] Numbers = [long.MinValue, -2, -1, 0, 1, 2, int.MaxValue, long.MaxValue];

    public static TheoryData<ObjectKind> Kinds => [.. KindSamples.All.Keys];

    [Fact]
    public void Samples_OfAllKinds_CoverAllRequestsAndOperations()
    {
        var samples = KindSamples.All.Values.SelectMany(kind => kind.Operations).Concat(KindSamples.Others).ToList();
        var requests = typeof(IObjectRequest<>).Assembly.GetTypes().Where(type => type is { IsValueType: true, IsGenericType: false }
            && type.GetInterfaces().Any(of => of.IsGenericType && of.GetGenericTypeDefinition() == typeof(IObjectRequest<>)));

        Assert.Equal(Enum.GetValues<ObjectKind>(), KindSamples.All.Keys.Order());
        Assert.Equal(requests.Select(type => type.Name).Order(), samples.Select(sample => sample.RequestType.Name).Distinct().Order());
        Assert.Equal(
            Enum.GetValues<ObjectOperation>(),
            samples.DistinctBy(sample => sample.RequestType).Select(sample => sample.Operation).Order());
    }

    /// <summary>Programs of other versions and stored records have the same bytes.</summary>
    [Fact]
    public void Request_Written_IsTheCallOfAllVersionsAndReadBack() =>
        Assert.All(KindSamples.All.Values.SelectMany(kind => kind.Operations).Concat(KindSamples.Others), sample =>
        {
            var call = sample.ToCall(7, timeout: 5);

            RequireSame(call, sample.WriteCall() with { Call = 7, TimeoutMilliseconds = 5 });
            RequireSame(call, sample.Rewrite(call));
        });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Call_OfAnotherKind_IsNotSupported(ObjectKind kind)
    {
        var samples = KindSamples.All[kind];
        foreach (var operation in Enum.GetValues<ObjectOperation>().Where(operation => samples.Find(operation) is null))
        {
            var reply = Assert.Single(samples.CreateState(kind).Ask(A, new ObjectCall(default, 3, operation, -1, 0, [])));
            Assert.Equal((3, ObjectStatus.NotSupported), (reply.Call, reply.Status));
        }
    }

    /// <summary>A malformed call is answered once, and leaves the object as it is.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Call_Malformed_IsAnsweredOnceAndChangesNothing(ObjectKind kind)
    {
        var samples = KindSamples.All[kind];
        foreach (var call in samples.Operations.SelectMany(sample => Malformed(sample)))
        {
            var state = samples.CreateState(kind);
            var reply = Assert.Single(state.Ask(A, call));

            Assert.Equal((call.Call, ObjectStatus.NotSupported), (reply.Call, reply.Status));
            Assert.Equal(samples.CreateState(kind).Size, state.Size);
            Assert.Contains(
                Assert.Single(state.Ask(B, samples.Probe.ToCall(8, timeout: 0))).Status, samples.ProbeStatuses);
        }
    }

    /// <summary>
    /// Calls with any content from callers that abandon calls, end and confirm. Each call of an honest caller is answered once, by the
    /// reply of its operation; the object then answers others. Seeds are the same in every run.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Call_InAnySchedule_IsAnsweredOnceByTheReplyOfItsOperation(ObjectKind kind)
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var schedule = new ConformanceSchedule(kind, seed);
            for (var step = 0; step < 60; step++)
                schedule.Step();
            schedule.EndAll();
        }
    }

    /// <summary>The ways to get an item, a lock or a permit: calls before it, the call, and a call that others get no answer to.</summary>
    public static TheoryData<ObjectKind, ObjectOperation> HandingOver => new()
    {
        { ObjectKind.Queue, ObjectOperation.Get },
        { ObjectKind.LifoQueue, ObjectOperation.Get },
        { ObjectKind.PriorityQueue, ObjectOperation.ReceiveItem },
        { ObjectKind.Queue, ObjectOperation.ReceiveItem },
        { ObjectKind.Lock, ObjectOperation.Acquire },
        { ObjectKind.Semaphore, ObjectOperation.SemaphoreAcquire },
        { ObjectKind.Semaphore, ObjectOperation.SemaphoreWait },
        { ObjectKind.Pipe, ObjectOperation.PipeReceive },
    };

    [Theory]
    [MemberData(nameof(HandingOver))]
    public void AbandonCall_OfAnUnconfirmedDelivery_ReturnsItToTheObject(ObjectKind kind, ObjectOperation operation)
    {
        var (state, call) = Deliver(kind, operation);

        state.Abandon(A, call);

        Assert.Equal(ObjectStatus.Ok, TakeByAnother(kind, state, operation));
    }

    [Theory]
    [MemberData(nameof(HandingOver))]
    public void AbandonCall_OfAConfirmedDelivery_ChangesNothing(ObjectKind kind, ObjectOperation operation)
    {
        var (state, call) = Deliver(kind, operation);

        state.ConfirmReceipt(A, call);
        state.Abandon(A, call);

        Assert.NotEqual(ObjectStatus.Ok, TakeByAnother(kind, state, operation));
    }

    /// <summary>Other replies need no confirmation. A wait on a condition is tested with its lock.</summary>
    [Fact]
    public void HandsOver_OfEachOperation_SaysWhetherItDelivers()
    {
        var expected = HandingOver.Select(row => (ObjectOperation)row[1]).Append(ObjectOperation.ConditionWait).Distinct();

        Assert.Equal(expected.Order(), Enum.GetValues<ObjectOperation>().Where(operation =>
            operation.HandsOver(ObjectReply.WithStatus(1, ObjectStatus.Ok))));
        Assert.DoesNotContain(Enum.GetValues<ObjectOperation>(), operation =>
            operation.HandsOver(ObjectReply.WithStatus(1, ObjectStatus.TimedOut)));
    }

    /// <summary>Takes the only item, lock or permit of a new object.</summary>
    private static (IManagedObjectState State, long Call) Deliver(ObjectKind kind, ObjectOperation operation)
    {
        var samples = KindSamples.All[kind];
        var state = samples.CreateState(kind);
        foreach (var call in Preparation(kind))
            Assert.Equal(ObjectStatus.Ok, Assert.Single(state.Ask(B, call)).Status);
        var taken = samples.Find(operation)!.ToCall(20);
        var reply = Assert.Single(state.Ask(A, taken));
        Assert.True(operation.HandsOver(reply));
        Assert.NotEqual(ObjectStatus.Ok, Assert.Single(state.Ask(B, taken with { Call = 21, TimeoutMilliseconds = 0 })).Status);
        return (state, taken.Call);
    }

    private static ObjectCall[] Preparation(ObjectKind kind) => kind switch
    {
        ObjectKind.Semaphore => [new SemaphoreWait().ToCall(default, 1)],
        ObjectKind.Pipe => [new PipeOpen(1).ToCall(default, 1), new PipeSend(0, new byte[] { 1 }).ToCall(default, 2)],
        ObjectKind.Lock => [],
        _ => [new QueuePut([new byte[] { 1 }]).ToCall(default, 1)],
    };

    private static ObjectStatus TakeByAnother(ObjectKind kind, IManagedObjectState state, ObjectOperation operation) =>
        Assert.Single(state.Ask(B, KindSamples.All[kind].Find(operation)!.ToCall(30, timeout: 0))).Status;

    /// <summary>Variants of a call with any number and payloads that its request does not accept.</summary>
    private static IEnumerable<ObjectCall> Malformed(OperationSample sample) =>
        from number in Numbers
        from payloads in AnyPayloads()
        let call = sample.ToCall(7, timeout: 0) with { Number = number, Payloads = payloads }
        where sample.Rewrite(call) is null
        select call;

    private static IEnumerable<ImmutableArray<ReadOnlyMemory<byte>>> AnyPayloads()
    {
        foreach (var length in new[] { 0, 1, sizeof(int), sizeof(long), 2 * sizeof(long), 40 })
        {
            for (var count = 0; count <= 4; count++)
                yield return [.. Enumerable.Repeat(new ReadOnlyMemory<byte>(new byte[length]), count)];
        }
    }

    private static void RequireSame(ObjectCall expected, ObjectCall? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected with { Payloads = [] }, actual with { Payloads = [] });
        Assert.Equal(
            expected.Payloads.Select(payload => Convert.ToHexString(payload.Span)),
            actual.Payloads.Select(payload => Convert.ToHexString(payload.Span)));
    }
}
