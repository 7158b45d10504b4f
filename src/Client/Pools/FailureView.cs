namespace Actors.Pools;

/// <summary>Records whether the caller has observed the outcome of a job. Thread-safe. Use it as a field; do not copy it.</summary>
internal struct FailureView
{
    private const int Open = 0;
    private const int Seen = 1;
    private const int Unseen = 2;

    private int _state;
    private UnseenFailures? _failures;

    /// <summary>Whether the job failed and the failure was not observed.</summary>
    public bool IsUnseen => Volatile.Read(ref _state) == Unseen;

    /// <summary>Marks the outcome as observed.</summary>
    public void MarkSeen()
    {
        if (Volatile.Read(ref _state) != Seen && Interlocked.Exchange(ref _state, Seen) == Unseen)
            _failures!.UncountFailure();
    }

    /// <summary>Records the failure, as unobserved unless it was observed before.</summary>
    public void MarkFailed(UnseenFailures failures)
    {
        _failures = failures;
        failures.CountFailure();
        if (Interlocked.CompareExchange(ref _state, Unseen, Open) != Open)
            failures.UncountFailure();
    }
}
