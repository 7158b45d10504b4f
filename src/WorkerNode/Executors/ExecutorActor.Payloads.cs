using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Transfers arguments and results that are stored in files. The executor gets a job after its arguments were downloaded, and the job has
/// ended when its result was uploaded. The exit of an executor is reported after its uploads.
/// </summary>
internal sealed partial class ExecutorActor
{
    private readonly Dictionary<JobId, CancellationTokenSource> _fetching = [];
    private readonly CancellationTokenSource _stopTransfers = new();
    private readonly string _payloadDirectory;
    private int _sending;
    private bool _isExitDelayed;

    private void ReceivePayloads()
    {
        Receive<ArgumentsFetched>(RunFetched);
        Receive<ResultInFile>(result => SendResultAsync(result, _stopTransfers.Token).PipeTo(Self));
        Receive<ResultSent>(ReportSent);
    }

    private void FetchArguments(JobSpec job, StoredPayload stored)
    {
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stopTransfers.Token);
        _fetching[job.Id] = cancel;
        FetchArgumentsAsync(job, stored, cancel.Token).PipeTo(Self);
    }

    private async Task<ArgumentsFetched> FetchArgumentsAsync(JobSpec job, StoredPayload stored, CancellationToken cancellationToken)
    {
        try
        {
            if (_setup.Payloads is null || _payloadDirectory.Length == 0)
                throw new PayloadStoreException("The workers of this pool get their arguments in messages, not in files.");
            var path = PayloadPaths.GetArgumentsPath(_payloadDirectory, job.Id.Value);
            await _setup.Payloads.FetchToFileAsync(_setup.Pool, stored, path, cancellationToken).ConfigureAwait(false);
            return new ArgumentsFetched(job, null);
        }
        catch (Exception exception)
        {
            // The caller gets any failure to download the arguments.
            return new ArgumentsFetched(job, FailureConverter.ToFailure(exception));
        }
    }

    private void RunFetched(ArgumentsFetched fetched)
    {
        // The job was cancelled in the meantime, and returned.
        if (!_fetching.Remove(fetched.Job.Id, out var cancel))
            return;
        cancel.Dispose();
        if (fetched.Failure is null)
            _connection?.SendFrames(writer => RunFrame.WriteStoredJob(writer, fetched.Job, _functions));
        else
            ReportNotFetched(fetched.Job.Id, fetched.Failure);
    }

    private void ReportNotFetched(JobId job, FailureInfo failure)
    {
        _assigned.RemoveJob(job.Value);
        _setup.Pool.Tell(_reports.AddDone([new JobOutcome(job, JobStatus.Refused, default, failure, 0)], 0));
    }

    /// <returns>Whether the download was stopped: the job has not begun and will not begin.</returns>
    private bool TryStopFetching(JobId job)
    {
        if (!_fetching.Remove(job, out var cancel))
            return false;
        cancel.Cancel();
        cancel.Dispose();
        _assigned.RemoveJob(job.Value);
        _setup.Pool.Tell(_reports.AddReturned([job]));
        return true;
    }

    private async Task<ResultSent> SendResultAsync(ResultInFile result, CancellationToken cancellationToken)
    {
        _sending++;
        try
        {
            var path = PayloadPaths.GetResultPath(_payloadDirectory, result.Job.Value);
            var stored = await _setup.Payloads!.SendFileAsync(_setup.Pool, _id, path, cancellationToken).ConfigureAwait(false);
            return new ResultSent(new JobOutcome(result.Job, JobStatus.Succeeded, default, null, 1, stored), result.BusyMicroseconds);
        }
        catch (Exception exception)
        {
            return new ResultSent(
                new JobOutcome(result.Job, JobStatus.Refused, default, FailureConverter.ToFailure(exception), 1), result.BusyMicroseconds);
        }
    }

    private void ReportSent(ResultSent sent)
    {
        _sending--;
        if (!_stopTransfers.IsCancellationRequested)
            _setup.Pool.Tell(_reports.AddDone([sent.Outcome], sent.BusyMicroseconds));
        if (_isExitDelayed && _sending == 0)
            ReportExit();
    }

    /// <summary>Sent by the receiving thread: a job has succeeded, and its result is in its file.</summary>
    public sealed record ResultInFile(JobId Job, long BusyMicroseconds);

    private sealed record ArgumentsFetched(JobSpec Job, FailureInfo? Failure);

    private sealed record ResultSent(JobOutcome Outcome, long BusyMicroseconds);
}
