namespace Actors.Pools;

/// <summary>
/// Belongs to a failed job whose failure was not observed. The garbage collector finds it together with the job and its handles: from then
/// on no code can observe the failure. Dispose it when the failure can be observed without them, or was observed.
/// </summary>
/// <param name="failures">The failures of the pool.</param>
/// <param name="failure">The failure.</param>
internal sealed class FailureWatch(UnseenFailures failures, UnseenFailure failure) : IDisposable
{
    ~FailureWatch() => ReportForgotten();

    /// <summary>Records that the failure was observed. Call it at most once.</summary>
    public void MarkSeen()
    {
        Dispose();
        failures.RemoveFailure(failure);
    }

    /// <summary>Stops to watch: the failure is reported at the end of the pool, unless it is observed before.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Reports the failure, because its job was collected.</summary>
    internal void ReportForgotten() => failures.ReportForgotten(failure);
}
