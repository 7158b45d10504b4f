using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Payloads;
using Akka.Actor;

namespace Actors.Coordinator.Payloads;

/// <summary>A coordinator's store of large payloads.</summary>
/// <param name="Directory">The directory of the files.</param>
/// <param name="Limits">The limits.</param>
internal sealed record PayloadStore(PayloadDirectory Directory, PayloadLimits Limits);

/// <summary>
/// Receives large arguments and results from clients and nodes, and sends them to the others. Feeds <see cref="PayloadState"/>, and reads
/// or writes one chunk for each message. Pools forward the messages and release payloads that are no longer needed. When a pool ends, its
/// payloads are removed.
/// </summary>
internal sealed class PayloadsActor : HandlerActor, IWithTimers
{
    private static readonly TimeSpan UploadCheckInterval = PayloadLimits.UploadTimeout / 4;

    private readonly PayloadState _state;
    private readonly PayloadFiles _files;
    private readonly Dictionary<IActorRef, PoolId> _pools = [];

    public PayloadsActor(PayloadStore store)
    {
        _state = new PayloadState(store.Limits);
        _files = new PayloadFiles(store.Directory.Path);
        Receive<PayloadRequest>(HandleRequest);
        Receive<RetainPayload>(retain => _state.RetainPayload(retain.Pool, retain.Payload));
        Receive<RemoveExecutorPayloads>(remove => DeleteFiles(_state.RemoveExecutor(remove.Pool, remove.Executor)));
        Receive<RemovePoolPayloads>(remove => DeleteFiles(_state.RemovePool(remove.Pool)));
        Receive<UploadCheckDue>(_ => RemoveTimedOut());
        Receive<Terminated>(terminated => RemovePool(terminated.ActorRef));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <inheritdoc/>
    protected override void PostStop() => _files.Dispose();

    private void HandleRequest(PayloadRequest request)
    {
        switch (request.Message)
        {
            case PayloadProtocol.OfferPayload offer:
                SendAnswer(offer.Payload, request.Owner.Pool, () => BeginUpload(request, offer));
                break;
            case PayloadProtocol.PayloadChunk chunk:
                SendAnswer(chunk.Payload, request.Owner.Pool, () => WriteChunk(request.Owner.Pool, chunk));
                break;
            case PayloadProtocol.CompletePayload complete:
                SendAnswer(complete.Payload, request.Owner.Pool, () => CompleteUpload(request.Owner.Pool, complete));
                break;
            case PayloadProtocol.FetchPayloadChunk fetch:
                SendAnswer(fetch.Payload, null, () => ReadChunk(request.Owner.Pool, fetch));
                break;
            case PayloadProtocol.ReleasePayload release: RemovePayload(request.Owner.Pool, release.Payload); break;
        }
    }

    /// <param name="payload">The payload of the request.</param>
    /// <param name="writer">The pool whose upload must begin again after a failure. Null for a read.</param>
    /// <param name="answer">Handles the request. May throw.</param>
    private void SendAnswer(PayloadId payload, PoolId? writer, Func<IWireMessage> answer)
    {
        try
        {
            Sender.Tell(answer());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (writer is { } pool)
                RemovePayload(pool, payload);
            Sender.Tell(new PayloadProtocol.PayloadRefused(payload, $"The coordinator cannot store a large payload: {exception.Message}"));
        }
    }

    private IWireMessage BeginUpload(PayloadRequest request, PayloadProtocol.OfferPayload offer)
    {
        if (_state.AddPayload(request.Owner, offer, Now) is { } refusal)
            return new PayloadProtocol.PayloadRefused(offer.Payload, refusal);
        if (_pools.TryAdd(request.Actor, request.Owner.Pool))
            Context.Watch(request.Actor);
        ScheduleUploadCheck();
        _files.CreateFile(offer.Payload);
        return new PayloadProtocol.PayloadChunkReceived(offer.Payload, 0);
    }

    private IWireMessage WriteChunk(PoolId pool, PayloadProtocol.PayloadChunk chunk)
    {
        // An earlier chunk was lost, or this one came twice. The sender continues from here.
        if (_state.GetNextOffset(pool, chunk.Payload) is { } next && next != chunk.Offset)
            return new PayloadProtocol.PayloadChunkReceived(chunk.Payload, next);
        if (_state.AddChunk(pool, chunk.Payload, chunk.Offset, chunk.Bytes.Length, Now) is { } refusal)
            return new PayloadProtocol.PayloadRefused(chunk.Payload, refusal);
        _files.WriteChunk(chunk.Payload, chunk.Offset, chunk.Bytes.Span);
        return new PayloadProtocol.PayloadChunkReceived(chunk.Payload, chunk.Offset + chunk.Bytes.Length);
    }

    private IWireMessage CompleteUpload(PoolId pool, PayloadProtocol.CompletePayload complete)
    {
        if (_state.CompletePayload(pool, complete.Payload) is { } refusal)
            return new PayloadProtocol.PayloadRefused(complete.Payload, refusal);
        if (_files.CompleteFile(complete.Payload) == complete.Hash)
            return new PayloadProtocol.PayloadStored(complete.Payload);
        RemovePayload(pool, complete.Payload);
        return new PayloadProtocol.PayloadRefused(
            complete.Payload, "The content of a large payload changed on the way, so it was refused. Submit the job again.");
    }

    private IWireMessage ReadChunk(PoolId pool, PayloadProtocol.FetchPayloadChunk fetch)
    {
        var length = _state.GetReadLength(pool, fetch.Payload, fetch.Offset, out var refusal);
        return length == 0
            ? new PayloadProtocol.PayloadRefused(fetch.Payload, refusal)
            : new PayloadProtocol.PayloadChunk(fetch.Payload, fetch.Offset, _files.ReadChunk(fetch.Payload, fetch.Offset, length));
    }

    private void ScheduleUploadCheck()
    {
        if (!Timers.IsTimerActive(nameof(UploadCheckDue)))
            Timers.StartSingleTimer(nameof(UploadCheckDue), UploadCheckDue.Instance, UploadCheckInterval);
    }

    private void RemoveTimedOut()
    {
        DeleteFiles(_state.RemoveTimedOut(Now));
        if (_state.HasUploads)
            ScheduleUploadCheck();
    }

    private void RemovePool(IActorRef actor)
    {
        if (_pools.Remove(actor, out var pool))
            DeleteFiles(_state.RemovePool(pool));
    }

    private void DeleteFiles(IEnumerable<PayloadId> payloads)
    {
        foreach (var payload in payloads)
            _files.RemoveFile(payload);
    }

    private void RemovePayload(PoolId pool, PayloadId payload)
    {
        if (_state.RemovePayload(pool, payload))
            _files.RemoveFile(payload);
    }

    /// <summary>From a pool: a message of its client or of an executor, which is the sender.</summary>
    /// <param name="Owner">The pool and its client.</param>
    /// <param name="Actor">The pool's actor. Its payloads are removed when it stops.</param>
    /// <param name="Message">One of <see cref="PayloadProtocol"/>.</param>
    public sealed record PayloadRequest(PayloadOwner Owner, IActorRef Actor, IWireMessage Message);

    /// <summary>From a pool: removes all its payloads, because its client has disconnected.</summary>
    public sealed record RemovePoolPayloads(PoolId Pool);

    /// <summary>From a pool: retains a payload that an outcome refers to.</summary>
    public sealed record RetainPayload(PoolId Pool, PayloadId Payload);

    /// <summary>From a pool: removes the payloads of an executor that are not retained.</summary>
    public sealed record RemoveExecutorPayloads(PoolId Pool, ExecutorId Executor);

    private sealed record UploadCheckDue
    {
        public static readonly UploadCheckDue Instance = new();
    }
}
