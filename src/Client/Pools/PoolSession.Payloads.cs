using System.Runtime.InteropServices;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Messages.Storage;
using Actors.Remoting.Payloads;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// Transfers large arguments and results of a pool on a cluster. A job is sent after the upload of its arguments to the coordinator's
/// store, and ends after the download of its result. Other jobs overtake it. Two transfers run in each direction.
/// </summary>
internal sealed partial class PoolSession
{
    private const int MaxTransfers = 2;

    private readonly SemaphoreSlim _uploadSlots = new(MaxTransfers);
    private readonly SemaphoreSlim _downloadSlots = new(MaxTransfers);
    private CancellationTokenSource _downloadCancellation = new();
    private readonly Dictionary<long, CancellationTokenSource> _uploads = [];
    private readonly HashSet<long> _delayedByUpload = [];
    private bool _closesWhenSent;

    private bool NeedsUpload(ReadOnlyMemory<byte> arguments) =>
        _isRemote && !_spec.IsDurable && arguments.Length > WireLimits.LargestInMessage;

    /// <summary>Limits concurrent uploads to two, so that large arguments do not pile up in memory; further submitters block.</summary>
    private void AcquireSlots(bool isStored, CancellationToken cancellationToken)
    {
        _jobSlots.Wait(cancellationToken);
        if (!isStored)
            return;
        try
        {
            _uploadSlots.Wait(cancellationToken);
        }
        catch
        {
            _jobSlots.Release();
            throw;
        }
    }

    private void ReleaseSlots(bool isStored)
    {
        _jobSlots.Release();
        if (isStored)
            _uploadSlots.Release();
    }

    /// <param name="job">The job with its arguments.</param>
    /// <param name="waitsForSlot">Whether the upload must wait for a slot.</param>
    private void StartUpload(JobSpec job, bool waitsForSlot)
    {
        var cancel = new CancellationTokenSource();
        var pool = _pool;
        _uploads[job.Id.Value] = cancel;
        _ = Task.Run(() => waitsForSlot ? WaitAndUploadAsync(job, pool, cancel.Token) : UploadAsync(job, pool, cancel.Token));
    }

    private async Task WaitAndUploadAsync(JobSpec job, IActorRef pool, CancellationToken cancellationToken)
    {
        try
        {
            await _uploadSlots.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The canceling code has ended the job or will resubmit it.
            return;
        }

        await UploadAsync(job, pool, cancellationToken).ConfigureAwait(false);
    }

    private async Task UploadAsync(JobSpec job, IActorRef pool, CancellationToken cancellationToken)
    {
        try
        {
            using var arguments = StreamOver(job.Arguments);
            var stored = await PayloadSender.SendPayloadAsync(pool, default, arguments, cancellationToken).ConfigureAwait(false);
            QueueUploaded(job with { Arguments = default, Stored = stored }, pool);
        }
        catch (Exception exception)
        {
            EndFailedUpload(job.Id, exception, pool);
        }
        finally
        {
            _uploadSlots.Release();
        }
    }

    private static MemoryStream StreamOver(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);

    /// <summary>Queues the uploaded job for sending; later jobs may have been sent before it.</summary>
    private void QueueUploaded(JobSpec job, IActorRef pool)
    {
        lock (_submitting)
        {
            if (!pool.Equals(_pool) || !_uploads.Remove(job.Id.Value))
            {
                pool.Tell(new PayloadProtocol.ReleasePayload(job.Stored!.Id), _self);
                return;
            }

            _delayedByUpload.Add(job.Id.Value);
            _gathered.Add(job);
            SendGathered();
            CloseWhenSent();
        }
    }

    private void EndFailedUpload(JobId job, Exception exception, IActorRef pool)
    {
        lock (_submitting)
        {
            if (!pool.Equals(_pool) || !_uploads.Remove(job.Value))
                return;
            EndLocally(new JobOutcome(job, JobStatus.Refused, default, FailureConverter.ToFailure(exception), 0));
            CloseWhenSent();
        }
    }

    /// <returns>True when the upload was still running.</returns>
    private bool CancelUpload(long job)
    {
        if (!_uploads.Remove(job, out var cancel))
            return false;
        cancel.Cancel();
        EndLocally(new JobOutcome(new JobId(job), JobStatus.Cancelled, default, null, 0));
        CloseWhenSent();
        return true;
    }

    /// <summary>Ends a job locally, as if the pool had reported the outcome.</summary>
    private void EndLocally(JobOutcome outcome) => _self.Tell(new PoolSessionActor.EndedLocally([outcome]));

    private void CloseWhenSent()
    {
        // While disconnected nothing is sent; otherwise these jobs would count as delivered after the reconnect.
        if (!_closesWhenSent || _uploads.Count > 0 || _isReconnecting)
            return;
        _closesWhenSent = false;
        SendAll();
        SendWithdrawAll();
        SendLastRequest(new PoolProtocol.ClosePool());
    }

    /// <summary>Sends all queued jobs, which were accepted from the caller, before the last request.</summary>
    private void SendAll()
    {
        do
        {
            _isSending = false;
            SendGathered();
        }
        while (_batches.Count + _gathered.Count > 0);
    }

    /// <summary>Stops all transfers when the pool has ended.</summary>
    private void StopTransfers()
    {
        lock (_submitting)
        {
            CancelTransfers();
            _closesWhenSent = false;
        }
    }

    /// <summary>Cancels all transfers with the lost pool, to free their slots.</summary>
    private void CancelTransfers()
    {
        foreach (var cancel in _uploads.Values)
            cancel.Cancel();
        _uploads.Clear();
        _downloadCancellation.Cancel();
    }

    /// <summary>Downloads a result. A failed download becomes the outcome of the job; a canceled one has no outcome.</summary>
    internal async Task<DownloadedResult> DownloadResultAsync(JobOutcome outcome)
    {
        var stored = outcome.Stored!;
        var (pool, cancellationToken) = GetDownloadSource();
        try
        {
            await _downloadSlots.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new DownloadedResult(null, stored.Id);
        }

        try
        {
            PayloadFetcher.RequireValidLength(stored);
            var bytes = LargeArrays.AllocateUninitialized<byte>((int)stored.Length);
            using var to = new MemoryStream(bytes);
            await PayloadFetcher.FetchPayloadAsync(pool, stored, to, cancellationToken).ConfigureAwait(false);
            DecodeResult(outcome.Id, bytes);
            return new DownloadedResult(outcome with { Payload = bytes, Stored = null }, stored.Id);
        }
        catch (Exception exception) when (exception is OperationCanceledException || !pool.Equals(_pool))
        {
            return new DownloadedResult(null, stored.Id);
        }
        catch (Exception exception)
        {
            var failed = outcome with { Status = JobStatus.Refused, Failure = FailureConverter.ToFailure(exception), Stored = null };
            return new DownloadedResult(failed, stored.Id);
        }
        finally
        {
            _downloadSlots.Release();
        }
    }

    private void DecodeResult(JobId job, ReadOnlyMemory<byte> result)
    {
        var before = ObjectChannel.UseForThread(_runtime.Objects);
        _pending.FindJob(job.Value)?.DecodeEarly(result);
        ObjectChannel.UseForThread(before);
    }

    private (IActorRef Pool, CancellationToken CancellationToken) GetDownloadSource()
    {
        lock (_submitting)
            return (_pool, _downloadCancellation.Token);
    }

    /// <summary>Ends the job, and releases the stored result.</summary>
    internal void OnResultDownloaded(DownloadedResult result)
    {
        if (result.Outcome is { } outcome)
            OnJobsEnded([outcome]);
        _pool.Tell(new PayloadProtocol.ReleasePayload(result.Payload), _self);
    }
}

/// <summary>The result of a download.</summary>
/// <param name="Outcome">The outcome of the job; null when the download was canceled.</param>
/// <param name="Payload">The stored payload.</param>
internal sealed record DownloadedResult(JobOutcome? Outcome, PayloadId Payload);
