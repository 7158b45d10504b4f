namespace Actors.Testing;

/// <summary>The moment of a job at which a fault is injected.</summary>
public enum FaultMoment
{
    /// <summary>A worker has received the job, and the function has not been called.</summary>
    BeforeJob,

    /// <summary>
    /// The function runs. In a simulation: 5 ms after it first waits, for virtual time or for a managed object, or when it returns before.
    /// </summary>
    DuringJob,

    /// <summary>The function has returned, and its result has not been sent.</summary>
    AfterJob,

    /// <summary>The result has been sent.</summary>
    AfterResult,
}
