using Actors.Messages;

namespace Actors.Testing;

/// <summary>A pool at a coordinator, as its clients reach it over the simulated network.</summary>
internal interface IClientPool
{
    /// <summary>The coordinator.</summary>
    SimulatedCoordinator Coordinator { get; }

    /// <summary>The number of results that were refused: their worker did not have the job any more.</summary>
    long StaleCompletions { get; }

    /// <summary>Handles a message of a client.</summary>
    void ReceiveFromClient(PoolConnection client, IWireMessage message);

    /// <summary>Answers a client, which is there.</summary>
    void AnswerHeartbeat(PoolConnection client);

    /// <summary>Disconnects the clients that are considered dead.</summary>
    /// <param name="lease">A client that is silent for this time is considered dead.</param>
    void CheckClients(TimeSpan lease);
}
