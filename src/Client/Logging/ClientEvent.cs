namespace Actors.Logging;

/// <summary>The kinds of messages of this library to the operator of the program.</summary>
internal enum ClientEvent
{
    /// <summary>The coordinator was lost, and the client tries to reconnect.</summary>
    CoordinatorLost,

    /// <summary>The client is connected to a coordinator again.</summary>
    CoordinatorReconnected,

    /// <summary>No coordinator has answered yet.</summary>
    CoordinatorAwaited,

    /// <summary>A job or map of a pool failed, and the program never observed the failure.</summary>
    FailureUnobserved,

    /// <summary>A pool was disposed with unfinished jobs.</summary>
    PoolDisposedEarly,

    /// <summary>A pool was never disposed.</summary>
    PoolForgotten,

    /// <summary>A callback, or the receiver of a job's progress, threw an exception.</summary>
    CallbackFailed,

    /// <summary>A file with a secret can be read or replaced by other users.</summary>
    SecretExposed,
}
