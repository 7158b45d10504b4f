using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Transfers the arguments and results of an executor that are stored in files. The executor gets a job after its arguments were
/// downloaded, and the job has ended when its result was uploaded. Used by one actor.
/// </summary>
/// <param name="setup">The settings of all executors of the pool on this node.</param>
/// <param name="id">The executor.</param>
/// <param name="directory">The directory of the files; empty if the pool does not use files.</param>
public sealed class JobTransfers(ExecutorSetup setup, ExecutorId id, string directory)
{
    private readonly Dictionary<JobId, CancellationTokenSource> _fetching = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Results are uploaded one after the other: a job that announces many must not delay those of other executors.</summary>
    private readonly SemaphoreSlim _results = new(1);

    /// <summary>Whether arguments are being downloaded.</summary>
    public bool IsFetching => _fetching.Count > 0;

    /// <summary>Whether all transfers were canceled.</summary>
    public bool IsCanceled => _stop.IsCancellationRequested;

    /// <summary>Whether a job needs files that are not on this node.</summary>
    public bool NeedsFetch(JobSpec job) =>
        job.Stored is not null || (job.Policy.Shared is { } shared && setup.Shared is { } files && !files.HasAll(shared));

    /// <summary>Downloads the arguments of a job, and the shared values that they refer to.</summary>
    public Task<ArgumentsFetched> FetchArgumentsAsync(JobSpec job)
    {
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _fetching[job.Id] = cancel;
        return FetchArgumentsAsync(job, cancel.Token);
    }

    /// <summary>Removes a download that has ended.</summary>
    /// <returns>False when it was stopped in the meantime.</returns>
    public bool TryFinishFetching(JobId job)
    {
        if (!_fetching.Remove(job, out var cancel))
            return false;
        cancel.Dispose();
        return true;
    }

    /// <summary>Stops a download.</summary>
    /// <returns>True when it was running: the job has not begun and will not begin.</returns>
    public bool TryStopFetching(JobId job)
    {
        if (!_fetching.Remove(job, out var cancel))
            return false;
        cancel.Cancel();
        cancel.Dispose();
        return true;
    }

    /// <summary>Uploads the result of a job.</summary>
    public async Task<ResultSent> SendResultAsync(JobId job, long busyMicroseconds)
    {
        try
        {
            var stored = await SendFileAsync(PayloadPaths.GetResultPath(directory, job.Value)).ConfigureAwait(false);
            return new ResultSent(new JobOutcome(job, JobStatus.Succeeded, default, null, 1, stored), busyMicroseconds);
        }
        catch (Exception exception)
        {
            var failure = FailureConverter.ToFailure(exception);
            return new ResultSent(new JobOutcome(job, JobStatus.Refused, default, failure, 1), busyMicroseconds);
        }
    }

    private async Task<StoredPayload> SendFileAsync(string path)
    {
        await _results.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            return await setup.Payloads!.SendFileAsync(setup.Pool, id, path, _stop.Token).ConfigureAwait(false);
        }
        finally
        {
            _results.Release();
        }
    }

    /// <summary>Cancels all transfers, including later ones.</summary>
    public void CancelAll() => _stop.Cancel();

    private async Task<ArgumentsFetched> FetchArgumentsAsync(JobSpec job, CancellationToken cancellationToken)
    {
        try
        {
            if (job.Policy.Shared is { } shared && setup.Shared is { } files)
                await files.FetchAllAsync(shared, cancellationToken).ConfigureAwait(false);
            if (job.Stored is { } stored)
                await FetchStoredAsync(job.Id, stored, cancellationToken).ConfigureAwait(false);
            return new ArgumentsFetched(job, null);
        }
        catch (Exception exception)
        {
            // The caller gets any failure to download the arguments.
            return new ArgumentsFetched(job, FailureConverter.ToFailure(exception));
        }
    }

    private Task FetchStoredAsync(JobId job, StoredPayload stored, CancellationToken cancellationToken)
    {
        if (setup.Payloads is null || directory.Length == 0)
            throw new PayloadStoreException("The workers of this pool get their arguments in messages, not in files.");
        return setup.Payloads.FetchToFileAsync(
            setup.Pool, stored, PayloadPaths.GetArgumentsPath(directory, job.Value), cancellationToken);
    }

    /// <summary>The download of the arguments of a job has ended.</summary>
    public sealed record ArgumentsFetched(JobSpec Job, FailureInfo? Failure);

    /// <summary>The upload of the result of a job has ended.</summary>
    public sealed record ResultSent(JobOutcome Outcome, long BusyMicroseconds);
}
