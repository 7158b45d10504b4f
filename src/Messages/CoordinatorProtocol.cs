using MemoryPack;

namespace Actors.Messages;

/// <summary>The first words between a coordinator and whoever finds it.</summary>
public static partial class CoordinatorProtocol
{
    /// <summary>The version of all contracts: peers of different ones refuse each other rather than misunderstand.</summary>
    public const int Version = 1;

    /// <summary>Are you there? Answered by <see cref="Welcome"/>.</summary>
    [MemoryPackable]
    public sealed partial record Hello(int Version) : IWireMessage;

    /// <summary>Here I am.</summary>
    /// <param name="Version">The coordinator's version.</param>
    /// <param name="Home">Names this coordinator for as long as it runs.</param>
    [MemoryPackable]
    public sealed partial record Welcome(int Version, string Home) : IWireMessage;
}
