using MemoryPack;

namespace Actors.Messages.Nodes;

/// <summary>A worker node as operators see it.</summary>
/// <param name="Name">Host and port.</param>
/// <param name="Slots">The number of workers that it can run.</param>
/// <param name="Granted">The number of workers of this coordinator's pools.</param>
/// <param name="IsDraining">Whether it is draining and accepts no further workers.</param>
/// <param name="Traits">Its labels and resources.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record NodeInfo(string Name, int Slots, int Granted, bool IsDraining, string Traits);
