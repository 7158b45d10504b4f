using MemoryPack;

namespace Actors.Messages;

/// <summary>
/// The first words between a coordinator and whoever finds it. Where there is a key, both prove that they have it and neither sends it:
/// <code>
/// Hello (nonce)     ─▶
///                   ◀─  Challenge (nonce, proof)
/// Answer (proof)    ─▶
///                   ◀─  Welcome | Refused
/// </code>
/// Without a key the coordinator answers the Hello with the Welcome. It comes from the actor to talk to, whose name nobody else can guess.
/// </summary>
public static partial class CoordinatorProtocol
{
    /// <summary>The version of all contracts that this program speaks. One that only adds to the one before is understood by it, and understands it.</summary>
    public static int Version => 9;

    /// <summary>The oldest version that this program understands: peers of older ones are refused rather than misunderstood. Nodes
    /// of version 8 would join the cluster as members.</summary>
    public static int OldestVersion => 9;

    /// <summary>How long a nonce is.</summary>
    public const int NonceLength = 32;

    /// <summary>What comes to the door of a coordinator.</summary>
    public enum PeerRole : byte
    {
        /// <summary>A program with pools, or another coordinator: it may bring code and have it run.</summary>
        Client = 0,

        /// <summary>A worker node: it runs what others brought.</summary>
        Node = 1,
    }

    /// <summary>What the door of a coordinator says.</summary>
    public interface IFromDoor : IWireMessage;

    /// <summary>Are you there? Answered by <see cref="Welcome"/> or <see cref="Challenge"/>.</summary>
    /// <param name="Version">The sender's version.</param>
    /// <param name="Nonce">Chosen anew each time.</param>
    /// <param name="Role">What the sender is: each may have a key of its own.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record Hello(int Version, ReadOnlyMemory<byte> Nonce, PeerRole Role) : IWireMessage;

    /// <summary>Who has the key? This coordinator has.</summary>
    /// <param name="Nonce">To be answered with.</param>
    /// <param name="Proof">Of the coordinator, over both nonces.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record Challenge(ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Proof) : IFromDoor;

    /// <summary>I have it too. Answered by <see cref="Welcome"/> or <see cref="Refused"/>.</summary>
    /// <param name="OwnNonce">That of the Hello.</param>
    /// <param name="Nonce">That of the challenge.</param>
    /// <param name="Proof">Of the sender, over both.</param>
    /// <param name="Role">That of the Hello.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record Answer(ReadOnlyMemory<byte> OwnNonce, ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Proof, PeerRole Role) : IWireMessage;

    /// <summary>The proof is wrong.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record Refused(string Reason) : IFromDoor;

    /// <summary>Here I am.</summary>
    /// <param name="Version">The coordinator's version.</param>
    /// <param name="Home">Names this coordinator for as long as it runs, or it and the others that pass calls on to each other.</param>
    /// <param name="Name">The name of the actor to talk to.</param>
    /// <param name="Number">That of the objects which are at home here; another whenever the coordinator is started.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record Welcome(int Version, string Home, string Name, uint Number = 0) : IFromDoor;
}
