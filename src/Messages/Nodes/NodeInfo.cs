using MemoryPack;

namespace Actors.Messages.Nodes;

/// <summary>A worker node, for people.</summary>
/// <param name="Name">Host and port.</param>
/// <param name="Slots">How many executors it may run.</param>
/// <param name="Granted">How many this coordinator's pools have there.</param>
/// <param name="IsDraining">It takes no more.</param>
/// <param name="Traits">Its labels and resources.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record NodeInfo(string Name, int Slots, int Granted, bool IsDraining, string Traits);
