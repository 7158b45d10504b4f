namespace Actors.Coordinator.Objects.Kinds;

/// <summary>What was put into a queue, with its place in the order of all that ever was.</summary>
internal readonly record struct QueueItem(long Position, ReadOnlyMemory<byte> Payload);
