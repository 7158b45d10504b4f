namespace Actors.Pools;

/// <summary>The connection of a client with its pool.</summary>
internal enum ClientPoolPhase
{
    /// <summary>The pool is opened for the first time.</summary>
    Opening,

    /// <summary>The pool receives messages.</summary>
    Open,

    /// <summary>The coordinator or the pool was lost, and the pool is opened again. Jobs are queued.</summary>
    Disconnected,

    /// <summary>Every job has ended, and no job is accepted.</summary>
    Ended,
}

/// <summary>The last request of a client to its pool.</summary>
internal enum ClientPoolEnd
{
    /// <summary>The pool continues.</summary>
    None,

    /// <summary>The pool closes as soon as all jobs were sent.</summary>
    Closing,

    /// <summary>The pool was asked to close.</summary>
    Closed,

    /// <summary>The durable pool was told that this client leaves.</summary>
    Detached,

    /// <summary>The pool was asked to end all jobs.</summary>
    Terminated,
}

/// <summary>How the loss of a pool is handled.</summary>
internal enum PoolLossResponse
{
    /// <summary>All jobs end.</summary>
    Fail,

    /// <summary>The loss concerns an earlier connection.</summary>
    Ignore,

    /// <summary>The current attempt to open the pool again has failed.</summary>
    FailAttempt,

    /// <summary>The pool is opened again.</summary>
    Reopen,
}
