namespace Actors.Coordinator.Objects.Kinds;

/// <summary>An item of a queue and its place in it.</summary>
/// <param name="Sequence">Counts the items ever put; an item keeps it when it comes back.</param>
/// <param name="Payload">The encoded value.</param>
internal readonly record struct QueuedItem(long Sequence, ReadOnlyMemory<byte> Payload);
