namespace Actors.Testing;

/// <summary>The directions of messages that a network fault concerns. Combine them with <c>|</c>.</summary>
[Flags]
public enum NetworkLinks
{
    /// <summary>No messages.</summary>
    None = 0,

    /// <summary>From the program of the test to the coordinator.</summary>
    ClientToCoordinator = 1,

    /// <summary>From the coordinator to the program of the test.</summary>
    CoordinatorToClient = 2,

    /// <summary>From the coordinator to a worker node.</summary>
    CoordinatorToNode = 4,

    /// <summary>From a worker node to the coordinator.</summary>
    NodeToCoordinator = 8,

    /// <summary>Both directions between the program of the test and the coordinator.</summary>
    Client = ClientToCoordinator | CoordinatorToClient,

    /// <summary>Both directions between the coordinator and a worker node.</summary>
    Node = CoordinatorToNode | NodeToCoordinator,

    /// <summary>All messages.</summary>
    All = Client | Node,
}
