namespace Actors.Coordinator.Objects.Kinds;

/// <summary>An item of a queue, with its position among all items ever put.</summary>
internal readonly record struct QueueItem(long Position, ReadOnlyMemory<byte> Payload);
