namespace Actors.Coordinator.Objects.Kinds;

/// <summary>An item of a queue.</summary>
/// <param name="Position">Its position among all items ever put.</param>
/// <param name="Payload">The encoded value.</param>
/// <param name="Returns">How often it has returned to the queue without an acknowledgment.</param>
public readonly record struct QueueItem(long Position, ReadOnlyMemory<byte> Payload, int Returns = 0);
