namespace Actors.Pools;

/// <summary>A failure of a job that the program has not observed so far.</summary>
/// <param name="call">The job and its function.</param>
/// <param name="error">The exception.</param>
/// <param name="batch">The number of the reports before it.</param>
internal sealed class UnseenFailure(CallName call, Exception error, int batch)
{
    /// <summary>The job and its function.</summary>
    public CallName Call => call;

    /// <summary>The exception.</summary>
    public Exception Error => error;

    /// <summary>The number of the reports before it. Failures of earlier batches have been reported.</summary>
    public int Batch => batch;
}
