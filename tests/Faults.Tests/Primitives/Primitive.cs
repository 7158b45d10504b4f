namespace Actors.Faults.Tests.Primitives;

/// <summary>A kind of fault that a machine may be unable to cause.</summary>
public enum Primitive
{
    /// <summary>A file system that becomes full.</summary>
    FullDisk,

    /// <summary>A file system that freezes, is not writable, or loses its power.</summary>
    LoopDisk,

    /// <summary>A PostgreSQL server that is killed or frozen.</summary>
    Postgres,

    /// <summary>A process that may open no more files and sockets.</summary>
    Descriptors,

    /// <summary>A limit of memory, beyond which the system kills a process.</summary>
    Memory,

    /// <summary>A wall clock that jumps.</summary>
    Clock,

    /// <summary>Machines of a network that are cut off, and connections that are reset.</summary>
    Network,

    /// <summary>A network that delays, loses, repeats and reorders packets.</summary>
    PacketSwitch,
}
