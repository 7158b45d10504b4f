namespace Actors.Coordinator.Objects;

/// <summary>The figures of a queue or a lock, for operators.</summary>
/// <param name="Count">The number of items of a queue.</param>
/// <param name="Capacity">The capacity of a queue; 0 for none.</param>
/// <param name="Waiting">The number of calls that wait for an item or for the lock.</param>
/// <param name="WaitingPuts">The number of calls that wait for space in a queue.</param>
/// <param name="Holder">The holder of a lock; null for none.</param>
public readonly record struct ObjectFigures(
    long Count = 0, long Capacity = 0, int Waiting = 0, int WaitingPuts = 0, Caller? Holder = null);
