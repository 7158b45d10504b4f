using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>The name of a function that outlives builds; see <see cref="JobAttribute"/>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Signature">A hash over the types of the parameters and the result, with their fields.</param>
/// <param name="RunsNewest">Whether jobs may run with the newest build that knows the name.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record JobName(string Name, long Signature, bool RunsNewest);

/// <summary>A function of a build that has a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Function">The function.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record NamedFunction(JobName Name, FunctionRef Function)
{
    /// <summary>The greatest number of named functions of a build.</summary>
    public const int MaxCount = 1000;

    /// <summary>The greatest length of a name.</summary>
    public const int LongestName = 200;
}
