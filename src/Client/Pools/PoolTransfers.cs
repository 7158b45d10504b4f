using System.Collections.Concurrent;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Values;
using Actors.Remoting.Payloads;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// Transfers large arguments and results of a pool on a cluster: arguments to the coordinator's store before the job is sent, results from
/// it before the job ends. Two transfers run in each direction. Thread-safe.
/// </summary>
internal sealed class PoolTransfers(PoolSession session)
{
    private const int MaxTransfers = 2;

    private readonly SemaphoreSlim _uploadSlots = new(MaxTransfers);
    private readonly SemaphoreSlim _downloadSlots = new(MaxTransfers);
    private readonly ConcurrentDictionary<JobId, CancellationTokenSource> _uploads = new();
    private CancellationTokenSource _downloads = new();

    /// <summary>Blocks until an upload slot is acquired.</summary>
    public void WaitForSlot(CancellationToken cancellationToken) => _uploadSlots.Wait(cancellationToken);

    /// <summary>Waits until an upload slot is acquired.</summary>
    public Task WaitForSlotAsync(CancellationToken cancellationToken) => _uploadSlots.WaitAsync(cancellationToken);

    /// <summary>Releases the slot of a job that is not uploaded now.</summary>
    public void ReleaseSlot() => _uploadSlots.Release();

    /// <summary>Uploads the arguments of a job, and reports the result to the session.</summary>
    /// <param name="job">The job with its arguments.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="hasSlot">Whether a slot is acquired for the job.</param>
    public void StartUpload(JobSpec job, IActorRef pool, bool hasSlot)
    {
        var cancel = _uploads[job.Id] = new CancellationTokenSource();
        _ = Task.Run(() => hasSlot ? UploadAsync(job, pool, cancel) : WaitAndUploadAsync(job, pool, cancel));
    }

    /// <summary>Cancels the upload of a job.</summary>
    public void CancelUpload(JobId job)
    {
        if (_uploads.TryRemove(job, out var cancel))
            cancel.Cancel();
    }

    /// <summary>Cancels all transfers, to free their slots.</summary>
    public void CancelAll()
    {
        foreach (var job in _uploads.Keys)
            CancelUpload(job);
        Interlocked.Exchange(ref _downloads, new CancellationTokenSource()).Cancel();
    }

    /// <summary>Downloads a result. A failed download becomes the outcome of the job; a canceled one has no outcome.</summary>
    public async Task<DownloadedResult> DownloadResultAsync(JobOutcome outcome, IActorRef pool)
    {
        var stored = outcome.Stored!;
        var cancellationToken = Volatile.Read(ref _downloads).Token;
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
            var ended = session.FindJob(outcome.Id) is { } job && job.CreateReceiver((int)stored.Length) is { } receiver
                ? await ReceiveResultAsync(outcome, pool, job, receiver, cancellationToken).ConfigureAwait(false)
                : await ReceiveBytesAsync(outcome, pool, cancellationToken).ConfigureAwait(false);
            return new DownloadedResult(ended, stored.Id);
        }
        catch (Exception exception) when (exception is OperationCanceledException || !session.IsCurrent(pool))
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

    private static async Task<JobOutcome> ReceiveResultAsync(
        JobOutcome outcome, IActorRef pool, PendingJob job, ValueReceiver receiver, CancellationToken cancellationToken)
    {
        await PayloadFetcher.FetchPayloadAsync(pool, outcome.Stored!, AppendAsync, cancellationToken).ConfigureAwait(false);
        job.DecodeEarly(receiver);
        return outcome with { Stored = null };

        ValueTask AppendAsync(ReadOnlyMemory<byte> part, CancellationToken token)
        {
            receiver.AppendBytes(part.Span);
            return ValueTask.CompletedTask;
        }
    }

    private async Task<JobOutcome> ReceiveBytesAsync(JobOutcome outcome, IActorRef pool, CancellationToken cancellationToken)
    {
        var bytes = GC.AllocateUninitializedArray<byte>((int)outcome.Stored!.Length);
        using var to = new MemoryStream(bytes);
        await PayloadFetcher.FetchPayloadAsync(pool, outcome.Stored, to.WriteAsync, cancellationToken).ConfigureAwait(false);
        session.DecodeResult(outcome.Id, bytes);
        return outcome with { Payload = bytes, Stored = null };
    }

    private async Task WaitAndUploadAsync(JobSpec job, IActorRef pool, CancellationTokenSource cancel)
    {
        try
        {
            await _uploadSlots.WaitAsync(cancel.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The canceling code has ended the job or will resubmit it.
            return;
        }

        await UploadAsync(job, pool, cancel).ConfigureAwait(false);
    }

    private async Task UploadAsync(JobSpec job, IActorRef pool, CancellationTokenSource cancel)
    {
        try
        {
            var stored = await PayloadSender.SendPayloadAsync(pool, PayloadId.New(), job.Arguments, cancel.Token).ConfigureAwait(false);
            session.OnUploaded(job with { Arguments = default, Stored = stored }, pool);
        }
        catch (Exception exception)
        {
            session.OnUploadFailed(job.Id, exception, pool);
        }
        finally
        {
            _uploads.TryRemove(KeyValuePair.Create(job.Id, cancel));
            _uploadSlots.Release();
        }
    }
}

/// <summary>The result of a download.</summary>
/// <param name="Outcome">The outcome of the job; null when the download was canceled.</param>
/// <param name="Payload">The stored payload.</param>
internal sealed record DownloadedResult(JobOutcome? Outcome, PayloadId Payload);
