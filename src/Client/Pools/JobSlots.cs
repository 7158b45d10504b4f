namespace Actors.Pools;

/// <summary>
/// The capacity for outstanding jobs, and for concurrent uploads of large arguments, so that they do not pile up in memory. Thread-safe.
/// </summary>
/// <param name="maxJobs">The capacity for outstanding jobs.</param>
/// <param name="transfers">Has the slots of the uploads.</param>
internal sealed class JobSlots(int maxJobs, PoolTransfers transfers)
{
    private readonly SemaphoreSlim _jobs = new(maxJobs);

    /// <summary>Acquires the slots of a job. Blocks while there are none.</summary>
    public void Acquire(bool needsUpload, CancellationToken cancellationToken)
    {
        _jobs.Wait(cancellationToken);
        if (!needsUpload)
            return;
        try
        {
            transfers.WaitForSlot(cancellationToken);
        }
        catch
        {
            _jobs.Release();
            throw;
        }
    }

    /// <summary>Acquires the slots of a job as soon as there are some.</summary>
    public async Task AcquireAsync(bool needsUpload, CancellationToken cancellationToken)
    {
        await _jobs.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!needsUpload)
            return;
        try
        {
            await transfers.WaitForSlotAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _jobs.Release();
            throw;
        }
    }

    /// <summary>Releases the slots of jobs that have ended. Their uploads have released their own.</summary>
    public void Release(int jobs)
    {
        if (jobs > 0)
            _jobs.Release(jobs);
    }

    /// <summary>Releases the slots of a job that is not submitted.</summary>
    public void Release(bool needsUpload)
    {
        _jobs.Release();
        if (needsUpload)
            transfers.ReleaseSlot();
    }
}
