namespace Actors.Pools;

/// <summary>
/// Decides which submissions the pool acknowledges, and whether the next one waits for that: jobs that are added meanwhile share one
/// message. Not thread-safe.
/// </summary>
internal sealed class AcceptanceState
{
    private bool _isNextRequested;
    private long _lastRequested;

    /// <summary>Whether the next submission waits for the acknowledgment of the last one.</summary>
    public bool IsInTransit { get; private set; }

    /// <summary>Whether code has asked for the acceptance of a job. Otherwise accepted jobs need not be looked up.</summary>
    public bool IsReported { get; private set; }

    /// <summary>Records that code asks for the acceptance of jobs.</summary>
    public void ReportAcceptance() => IsReported = true;

    /// <summary>Requests that the pool acknowledges the next submission.</summary>
    public void RequestNext() => _isNextRequested = true;

    /// <summary>Decides whether the pool acknowledges a submission that is sent now.</summary>
    /// <param name="isOnlyJob">Whether it has the only outstanding job, so that waiting would batch nothing.</param>
    /// <param name="isUploading">Whether the arguments of jobs are uploaded. The acceptance of such a job may have been requested.</param>
    public bool BeginSubmission(bool isOnlyJob, bool isUploading)
    {
        IsInTransit = !isOnlyJob || _isNextRequested;
        _isNextRequested &= isUploading;
        return IsInTransit;
    }

    /// <summary>Records that the pool acknowledges the submission with this number.</summary>
    public void OnRequested(long number) => _lastRequested = number;

    /// <summary>Whether the acknowledgment of the submission with this number, or of a later one, was requested.</summary>
    public bool IsRequested(long number) => number <= _lastRequested;

    /// <summary>Lets the next submission wait for the acknowledgment of the sent ones.</summary>
    public void HoldNext() => IsInTransit = true;

    /// <summary>Lets the next submission be sent.</summary>
    public void ReleaseNext() => IsInTransit = false;

    /// <summary>Lets the next submission be sent if the pool knows all submissions that it should acknowledge.</summary>
    /// <param name="known">The number of the last submission that the pool knows.</param>
    public void OnCompared(long known)
    {
        if (_lastRequested <= known)
            IsInTransit = false;
    }

    /// <summary>Resets the numbers for a pool that does not know this connection.</summary>
    public void ResetNumbers() => (_lastRequested, IsInTransit) = (0, false);
}
