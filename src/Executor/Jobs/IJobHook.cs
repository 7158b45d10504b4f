using Actors.Messages.Jobs;

namespace Actors.Executor.Jobs;

/// <summary>Acts on the jobs of this worker at certain moments, to inject faults. Called on the thread that runs the jobs.</summary>
internal interface IJobHook
{
    /// <summary>The hook of this process; null for none.</summary>
    static IJobHook? Current { get; set; }

    /// <summary>Called when the job has begun, before its function is called.</summary>
    /// <returns>True to call the function twice; the result of the second call counts.</returns>
    /// <exception cref="InjectedFailureException">The job ends with this failure.</exception>
    bool BeforeCall(long job);

    /// <summary>Called when the function has returned or thrown.</summary>
    /// <exception cref="InjectedFailureException">The job ends with this failure.</exception>
    void AfterCall(long job);

    /// <summary>Whether the outcome of the job is not to be sent.</summary>
    bool LosesResult(long job);

    /// <summary>Called when the outcome of the job is ready to be sent.</summary>
    /// <param name="job">The job.</param>
    /// <param name="send">Sends the outcome now; otherwise it is sent soon, with others.</param>
    void AfterResult(long job, Action send);
}

/// <summary>Thrown by a hook to end a job with a failure.</summary>
internal sealed class InjectedFailureException(FailureInfo failure) : Exception(failure.Message)
{
    /// <summary>The failure.</summary>
    public FailureInfo Failure => failure;
}
