using MemoryPack;

namespace Actors.Messages.Objects;

/// <summary>A queue or a lock as operators see it.</summary>
/// <param name="Object">An id for lists, with which the object cannot be used; the id of a durable queue.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The published name; empty for none, or if another coordinator has the name.</param>
/// <param name="Count">The number of items of a queue.</param>
/// <param name="Capacity">The capacity of a queue; 0 for none.</param>
/// <param name="Waiting">The number of calls that wait for an item or for the lock.</param>
/// <param name="WaitingPuts">The number of calls that wait for space in a queue.</param>
/// <param name="Holder">The program that holds a lock; empty for none.</param>
/// <param name="IsDurable">Whether the queue is in the store of the coordinators.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ObjectInfo(
    ObjectId Object, ObjectKind Kind, string Name, long Count, long Capacity, int Waiting, int WaitingPuts, string Holder,
    bool IsDurable = false);
