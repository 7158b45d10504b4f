namespace Actors.Pools;

/// <summary>Whether somebody has looked at how a job ended. Thread-safe; a field, not to be copied.</summary>
internal struct FailureView
{
    private const int Open = 0;
    private const int Seen = 1;
    private const int Unseen = 2;

    private int _state;
    private UnseenFailures? _failures;

    /// <summary>Whether the job has failed and nobody has looked at that.</summary>
    public bool IsUnseen => Volatile.Read(ref _state) == Unseen;

    /// <summary>Somebody looks at it.</summary>
    public void See()
    {
        if (Volatile.Read(ref _state) != Seen && Interlocked.Exchange(ref _state, Seen) == Unseen)
            _failures!.Remove();
    }

    /// <summary>The job has failed.</summary>
    public void Fail(UnseenFailures failures)
    {
        _failures = failures;
        failures.Add();
        if (Interlocked.CompareExchange(ref _state, Unseen, Open) != Open)
            failures.Remove();
    }
}
