using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Pools;

/// <summary>The environment variables and the working directory of the workers of a pool.</summary>
/// <param name="Variables">The variables, which are added to those of the node.</param>
/// <param name="Directory">The working directory; null for that of the node.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record WorkerEnvironment(ImmutableArray<EnvironmentVariable> Variables, string? Directory);

/// <summary>An environment variable of the workers of a pool.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value; null removes the variable.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record EnvironmentVariable(string Name, string? Value);
