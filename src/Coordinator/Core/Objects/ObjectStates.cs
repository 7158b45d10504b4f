using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>Creates the states of the kinds of managed objects.</summary>
public static class ObjectStates
{
    private const int MaxBytes = 1 << 30;

    /// <returns>The state of a new object. Null if the kind is unknown or its arguments are out of range.</returns>
    public static IManagedObjectState? CreateState(ObjectProtocol.CreateManagedObject create) => create.Kind switch
    {
        ObjectKind.Queue => new QueueState(create.Number, new InsertionOrder(newestFirst: false)),
        ObjectKind.LifoQueue => new QueueState(create.Number, new InsertionOrder(newestFirst: true)),
        ObjectKind.PriorityQueue => new QueueState(create.Number, new PriorityOrder()),
        ObjectKind.List => new ListState(create.Payloads),
        ObjectKind.Dictionary => new DictionaryState(),
        ObjectKind.Value when create.Payloads.Length == 1 => new ValueState(create.Payloads[0]),
        ObjectKind.Bytes when create.Number is >= 0 and <= MaxBytes => new BytesState((int)create.Number),
        ObjectKind.Service => new ServiceState(),
        ObjectKind.Lock or ObjectKind.ReentrantLock => new LockState(),
        ObjectKind.Semaphore when create.Number is >= 0 and <= SemaphoreState.Unbounded =>
            new SemaphoreState(create.Number, create.Payloads.IsEmpty ? SemaphoreState.Unbounded : create.Number),
        ObjectKind.Event => new EventState(),
        ObjectKind.Barrier when create.Number is > 0 and <= int.MaxValue => new BarrierState((int)create.Number),
        ObjectKind.Pipe => new PipeState(),
        _ => null,
    };
}
