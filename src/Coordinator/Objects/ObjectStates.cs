using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>The kinds of managed objects.</summary>
internal static class ObjectStates
{
    /// <returns>The state of a new object; null when there is no such kind, or its numbers make no sense.</returns>
    public static IManagedObjectState? Make(ObjectProtocol.Create create) => create.Kind switch
    {
        ObjectKind.Queue => new QueueState(create.Number),
        ObjectKind.List => new ListState(create.Payloads),
        ObjectKind.Dictionary => new DictionaryState(),
        ObjectKind.Value when create.Payloads.Length == 1 => new ValueState(create.Payloads[0]),
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
