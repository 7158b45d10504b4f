namespace Actors.Runtime;

/// <summary>The connection of a program to its coordinator.</summary>
internal enum CoordinatorConnectionPhase
{
    /// <summary>No pool and no manager uses the connection.</summary>
    Ended,

    /// <summary>A pool or manager tries coordinators, for all that wait.</summary>
    Connecting,

    /// <summary>The coordinator answers.</summary>
    Connected,

    /// <summary>The coordinator was lost, and none is tried now.</summary>
    Disconnected,
}
