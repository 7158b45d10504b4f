namespace Actors.Messages.Objects;

/// <summary>The kind of a managed object.</summary>
public enum ObjectKind : byte
{
    /// <summary>A first-in, first-out queue, bounded or not, whose items can be joined.</summary>
    Queue = 1,

    /// <summary>A fair lock, with the conditions that belong to it.</summary>
    Lock = 2,

    /// <summary>A queue that gives out the least item first.</summary>
    PriorityQueue = 3,

    /// <summary>A queue that gives out the newest item first.</summary>
    LifoQueue = 4,

    /// <summary>A list.</summary>
    List = 5,

    /// <summary>A dictionary. Also used for namespaces.</summary>
    Dictionary = 6,

    /// <summary>One value.</summary>
    Value = 7,

    /// <summary>An array of bytes of a fixed length.</summary>
    Bytes = 8,

    /// <summary>A semaphore, bounded or not.</summary>
    Semaphore = 9,

    /// <summary>An event that is set or not.</summary>
    Event = 10,

    /// <summary>A barrier for a number of parties.</summary>
    Barrier = 11,

    /// <summary>Two ends of a duplex connection.</summary>
    Pipe = 12,

    /// <summary>Calls that one process serves for others.</summary>
    Service = 13,

    /// <summary>A fair lock that its owner may acquire again, with the conditions that belong to it.</summary>
    ReentrantLock = 14,
}
