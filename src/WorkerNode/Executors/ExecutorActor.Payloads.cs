using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Jobs whose arguments or result are in files: the arguments are fetched before the executor hears of the job, and the job has ended when its result is at the
/// coordinator. An executor that has exited meanwhile is reported after that.
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
                throw new PayloadStoreException("This pool's executors get their arguments in messages.");
            var path = PayloadPaths.GetArgumentsPath(_payloadDirectory, job.Id.Value);
            await _setup.Payloads.FetchToFileAsync(_setup.Pool, stored, path, cancellationToken).ConfigureAwait(false);
            return new ArgumentsFetched(job, null);
        }
        catch (Exception exception)
        {
            // Whatever keeps them from coming is the caller's to know.
            return new ArgumentsFetched(job, FailureConverter.ToFailure(exception));
        }
    }

    private void RunFetched(ArgumentsFetched fetched)
    {
        // Cancelled meanwhile, and handed back.
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

    /// <returns>Whether the job was not yet here: then it has not begun, and will not.</returns>
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

    /// <summary>From the receiving thread: a job has succeeded, and its result is in its file.</summary>
    public sealed record ResultInFile(JobId Job, long BusyMicroseconds);

    private sealed record ArgumentsFetched(JobSpec Job, FailureInfo? Failure);

    private sealed record ResultSent(JobOutcome Outcome, long BusyMicroseconds);
}
