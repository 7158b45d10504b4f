using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Chaos;

/// <summary>The kinds of faults in a running program. The numbers are part of the protocol.</summary>
public enum ChaosFaultKind
{
    /// <summary>No fault: asks whether the program accepts the fault with the same settings.</summary>
    None = 0,

    /// <summary>Kills a worker of a node with SIGKILL.</summary>
    KillWorker = 1,

    /// <summary>Stops a worker of a node with SIGSTOP for a time.</summary>
    PauseWorker = 2,

    /// <summary>The program kills itself with SIGKILL.</summary>
    KillProcess = 3,

    /// <summary>The program stops with SIGSTOP for a time.</summary>
    PauseProcess = 4,

    /// <summary>The program exits as after SIGTERM: a node drains, a coordinator hands its pools over.</summary>
    StopProcess = 5,

    /// <summary>Messages between the program and its peers do not arrive for a time.</summary>
    Partition = 6,

    /// <summary>Writes to the store of durable pools are slow, or fail, for a time.</summary>
    SlowDisk = 7,
}

/// <summary>The peers that a partition separates a program from. The numbers are part of the protocol.</summary>
[Flags]
public enum ChaosPeers
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Clients.</summary>
    Clients = 1,

    /// <summary>Worker nodes.</summary>
    Nodes = 2,

    /// <summary>Other coordinators.</summary>
    Coordinators = 4,

    /// <summary>All of them. Operators are never separated.</summary>
    All = Clients | Nodes | Coordinators,
}

/// <summary>The direction in which messages do not arrive. The numbers are part of the protocol.</summary>
[Flags]
public enum ChaosDirection
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>From the program to its peers.</summary>
    Outbound = 1,

    /// <summary>From the peers to the program.</summary>
    Inbound = 2,

    /// <summary>Both.</summary>
    Both = Outbound | Inbound,
}

/// <summary>A fault and its settings.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Milliseconds">The duration, for the kinds that have one.</param>
/// <param name="Choice">A random number of the plan's seed. It chooses the worker, and the writes that fail.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ChaosFault(ChaosFaultKind Kind, int Milliseconds, long Choice)
{
    /// <summary>The peers of a partition.</summary>
    public ChaosPeers Peers { get; init; } = ChaosPeers.All;

    /// <summary>HOST:PORT of the peers of a partition; empty for all peers of these roles.</summary>
    public ImmutableArray<string> PeerAddresses { get; init; } = [];

    /// <summary>The direction of a partition.</summary>
    public ChaosDirection Direction { get; init; } = ChaosDirection.Both;

    /// <summary>
    /// Whether a partition discards messages. Otherwise it holds them until it ends, as a network does that sends lost packets again.
    /// </summary>
    public bool DiscardsMessages { get; init; }

    /// <summary>The interval at which a flapping partition begins and ends; 0 for a steady one.</summary>
    public int FlapMilliseconds { get; init; }

    /// <summary>The delay of each write of a slow disk.</summary>
    public int DelayMilliseconds { get; init; }

    /// <summary>The share of writes that fail, in percent.</summary>
    public int FailurePercent { get; init; }
}

/// <summary>A worker node, as a coordinator knows it.</summary>
/// <param name="Name">The name for users.</param>
/// <param name="Address">HOST:PORT of its connections.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ChaosNode(string Name, string Address);
