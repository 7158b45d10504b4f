using Actors.Coordinator.Objects;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using static Actors.Coordinator.Tests.Objects.Conformance.OperationSample;

namespace Actors.Coordinator.Tests.Objects.Conformance;

/// <summary>A kind of managed object: how one is created, and a sample of each of its operations.</summary>
/// <param name="Number">The number of the creation.</param>
/// <param name="Payloads">The initial values.</param>
/// <param name="Operations">A sample of each operation, with small numbers.</param>
/// <param name="Probe">A call that an object answers after any other calls.</param>
/// <param name="ProbeStatuses">The statuses of that answer.</param>
internal sealed record KindSamples(
    long Number, byte[][] Payloads, OperationSample[] Operations, OperationSample Probe, params ObjectStatus[] ProbeStatuses)
{
    private static readonly byte[] X = [1];
    private static readonly byte[] Y = [2, 3];

    private static readonly OperationSample[] QueueOperations =
    [
        Of<QueuePut, CountReply>(new([X, Y]), 0, X, Y),
        Of<QueueGet, ItemsReply>(new(2), 2),
        Of<QueueCount, CountReply>(default),
        Of<QueueCapacity, CountReply>(default),
        Of(new QueueTaskDone(1), 1),
        Of(new QueueJoin()),
        Of<QueuePutOnce, PutOnceReply>(new(X, Y), 0, X, Y),
        Of<QueueReceive, LeaseReply>(default, 1),
        Of(new QueueAcknowledge(1), 1),
        Of(new QueueReturn(2), 2),
    ];

    private static readonly OperationSample[] LockOperations =
    [
        Of<LockAcquire, LockReply>(default),
        Of(new LockRelease(1), 1),
        Of<LockHolder, HolderReply>(default),
        Of<ConditionWait, LockReply>(new(1, 2), 1, Longs(2, 0)),
        Of(new ConditionNotify(1, 2, 3), 1, Longs(2, 3)),
    ];

    private static readonly KindSamples Queues = new(
        3, [], QueueOperations, Of<QueueCount, CountReply>(default), ObjectStatus.Ok);

    private static readonly KindSamples Locks = new(
        0, [], LockOperations, Of<LockAcquire, LockReply>(default), ObjectStatus.Ok, ObjectStatus.OkAbandoned);

    /// <summary>The samples of each kind.</summary>
    public static IReadOnlyDictionary<ObjectKind, KindSamples> All { get; } = new Dictionary<ObjectKind, KindSamples>
    {
        [ObjectKind.Queue] = Queues,
        [ObjectKind.LifoQueue] = Queues,
        [ObjectKind.PriorityQueue] = Queues,
        [ObjectKind.Lock] = Locks,
        [ObjectKind.ReentrantLock] = Locks,
        [ObjectKind.Semaphore] = new(
            2, [],
            [
                Of<SemaphoreAcquire, PermitReply>(default),
                Of<SemaphoreWait, PermitReply>(default),
                Of(new SemaphoreRelease(1), 1),
                Of(new SemaphoreReturn(1), 1),
                Of<SemaphoreCount, CountReply>(default),
            ],
            Of<SemaphoreCount, CountReply>(default), ObjectStatus.Ok),
        [ObjectKind.Event] = new(
            0, [], [Of(new EventSet()), Of(new EventClear()), Of<EventIsSet, EventReply>(default), Of(new EventWait())],
            Of(new EventSet()), ObjectStatus.Ok),
        [ObjectKind.Barrier] = new(
            2, [],
            [
                Of<BarrierWait, BarrierReply>(new(HasAction: true), 1),
                Of<BarrierRelease, IndexReply>(new(1), 1),
                Of(new BarrierAbort()),
                Of(new BarrierReset()),
                Of<BarrierWaiting, CountReply>(default),
            ],
            Of(new BarrierReset()), ObjectStatus.Ok),
        [ObjectKind.Value] = new(
            0, [X],
            [Of<ValueGet, ItemReply>(default), Of(new ValueSet(Y), 0, Y), Of<ValueReplace, ItemReply>(new(X, Y), 0, X, Y)],
            Of<ValueGet, ItemReply>(default), ObjectStatus.Ok),
        [ObjectKind.Bytes] = new(
            100, [], [Of<BytesRead, ItemReply>(new(3, 4), 3, [4, 0, 0, 0]), Of(new BytesWrite(3, Y), 3, Y)],
            Of<BytesRead, ItemReply>(new(99, 1), 99, [1, 0, 0, 0]), ObjectStatus.Ok),
        [ObjectKind.List] = new(
            0, [X],
            [
                Of<ListCount, CountReply>(default),
                Of<ListGet, ItemReply>(new(0), 0),
                Of(new ListSet(1, Y), 1, Y),
                Of(new ListAdd([X, Y]), 0, X, Y),
                Of(new ListInsert(1, [X, Y]), 1, X, Y),
                Of<ListRemoveAt, ItemReply>(new(-1), -1),
                Of<ListPage, PageReply>(new(1, 2), 1, Longs(2)),
                Of(new ListReplaceAll(ListReplaceAll.AnyVersion, [X, Y]), -1, X, Y),
                Of<ListIndexOf, IndexReply>(new(Y, 1), 1, Y),
                Of(new ListRemove(X), 0, X),
                Of(new ListReverse()),
                Of<ListCountOf, CountReply>(new(X), 0, X),
                Of(new ListReplaceRange(1, 2, [X]), 1, Longs(2), X),
                Of<ListReplaceItem, ItemReply>(new(0, X, Y), 0, X, Y),
            ],
            Of<ListCount, CountReply>(default), ObjectStatus.Ok),
        [ObjectKind.Dictionary] = new(
            0, [],
            [
                Of<DictionaryCount, CountReply>(default),
                Of<DictionaryGet, ItemReply>(new(X), 0, X),
                Of(new DictionarySet([X, Y]), 0, X, Y),
                Of<DictionaryAdd, ItemReply>(new(Y, X), 0, Y, X),
                Of<DictionaryRemove, ItemReply>(new(X), 0, X),
                Of<DictionaryPopLast, PairReply>(default),
                Of<DictionaryPage, PageReply>(new(0, null), 0),
                Of(new DictionaryClear()),
                Of<DictionaryReplace, ItemReply>(new(X, Y, X), 0, X, Y, X),
            ],
            Of<DictionaryCount, CountReply>(default), ObjectStatus.Ok),
        [ObjectKind.Pipe] = new(
            0, [],
            [
                Of(new PipeSend(1, Y), 1, Y),
                Of<PipeReceive, MessageReply>(new(1, 5), 1 + (2 * 6)),
                Of(new PipePoll(1), 1),
                Of(new PipeClose(1, IsPassedOn: true), 1, new byte[1]),
                Of(new PipeOpen(1), 1),
            ],
            Of(new PipeClose(0, IsPassedOn: true), 0, new byte[1]), ObjectStatus.Ok),
        [ObjectKind.Service] = new(
            0, [],
            [
                Of<ServiceInvoke, ItemReply>(new(X, Y), 0, X, Y),
                Of<ServiceServe, ServedCallReply>(new(2, HasThrown: true, Y), -2, Y),
                Of(new ServiceAwait()),
            ],
            Of(new ServiceAwait()), ObjectStatus.Ok, ObjectStatus.TimedOut, ObjectStatus.Broken),
    };

    /// <summary>The operations that no kind handles itself.</summary>
    public static IReadOnlyList<OperationSample> Others { get; } =
    [
        Of<DurableOpen, CountReply>(new(new DurableObjectSpec("q", ObjectKind.Queue, "T"), 5), 5, SpecBytes()),
        Of(new DurableDelete()),
        OneWay(new ObjectHold()),
        OneWay(new ObjectDrop()),
        OneWay(new ObjectContain([new ObjectId(new Guid(7, 0, 0, new byte[8]))]), [7, .. new byte[15]]),
    ];

    public IManagedObjectState CreateState(ObjectKind kind) => ObjectStates.CreateState(
        new ObjectProtocol.CreateManagedObject(default, kind, Number, [.. Payloads.Select(payload => new ReadOnlyMemory<byte>(payload))]))!;

    public OperationSample? Find(ObjectOperation operation) => Operations.SingleOrDefault(sample => sample.Operation == operation);

    private static byte[] Longs(params long[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    private static byte[] SpecBytes() => new DurableObjectSpec("q", ObjectKind.Queue, "T").ToPayload().ToArray();
}
