using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Carries out the decisions of a <see cref="DurablePoolState"/> that are not messages. Never calls the state back at once.
/// </summary>
public interface IDurablePoolHost
{
    /// <summary>Starts the pool of a build, under a new id, and tells the state when it fails.</summary>
    /// <param name="spec">The options.</param>
    IRecipient StartBuild(PoolSpec spec);

    /// <summary>Stops the pool of a build that has ended.</summary>
    void StopBuild(IRecipient build);

    /// <summary>Tells the state when a client is lost.</summary>
    void WatchClient(IRecipient client);

    /// <summary>Does not tell the state of the loss of a client any more.</summary>
    void UnwatchClient(IRecipient client);

    /// <summary>Calls <see cref="DurablePoolState.OnOpenTimeElapsed"/> after <see cref="DurablePoolState.OpenTimeout"/>.</summary>
    void StartOpenTime();

    /// <summary>Calls <see cref="DurablePoolState.OnLateTimeElapsed"/> after <see cref="DurablePoolState.LateTime"/>.</summary>
    void StartLateTime();

    /// <summary>Stops the pool, which has no builds any more. It is loaded again when a client looks it up.</summary>
    void UnloadPool();

    /// <summary>Stops the pool, whose store has failed. It is loaded again after a pause, or as soon as a client looks it up.</summary>
    void ReloadPool();

    /// <summary>Publishes a change of the pool.</summary>
    void PublishEvent(DurablePoolEvent change);
}
