using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Messages.Storage;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Payloads;
using Akka.Actor;

namespace Actors.Coordinator.Payloads;

/// <summary>A coordinator's store of large payloads.</summary>
/// <param name="Directory">The directory of the files.</param>
/// <param name="Limits">The limits.</param>
/// <param name="Data">The data port, on which peers transfer the files.</param>
public sealed record PayloadStore(PayloadDirectory Directory, PayloadLimits Limits, DataListener Data);

/// <summary>
/// Stores large arguments and results of clients and nodes, and lets the others download them. Feeds <see cref="PayloadState"/>. The bytes
/// pass through the data port. Pools forward the messages and release payloads that are no longer needed. When a pool ends, its payloads
/// are removed.
/// </summary>
public sealed class PayloadsActor : HandlerActor, IWithTimers
{
    private static readonly TimeSpan UploadCheckInterval = PayloadLimits.UploadTimeout / 4;

    private readonly PayloadState _state;
    private readonly PayloadFiles _files;
    private readonly int _port;
    private readonly Dictionary<IActorRef, PoolId> _pools = [];

    public PayloadsActor(PayloadStore store)
    {
        _state = new PayloadState(store.Limits);
        _files = new PayloadFiles(store.Directory.Path, store.Data.Files);
        _port = store.Data.Port;
        Receive<PayloadRequest>(HandleRequest);
        Receive<RetainPayload>(retain => _state.RetainPayload(retain.Pool, retain.Payload));
        Receive<RemoveResultPayload>(remove => RemoveResult(remove.Pool, remove.Payload));
        Receive<RemoveExecutorPayloads>(remove => DeleteFiles(_state.RemoveExecutor(remove.Pool, remove.Executor)));
        Receive<RemovePoolPayloads>(remove => DeleteFiles(_state.RemovePool(remove.Pool)));
        Receive<UploadCheckDue>(_ => RemoveTimedOut());
        Receive<Terminated>(terminated => RemovePool(terminated.ActorRef));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <inheritdoc/>
    protected override void PostStop() => DeleteFiles(_state.Uploads.ToList());

    private void HandleRequest(PayloadRequest request)
    {
        switch (request.Message)
        {
            case PayloadProtocol.OfferPayload offer:
                SendAnswer(offer.Payload, request.Owner.Pool, () => BeginUpload(request, offer));
                break;
            case PayloadProtocol.CompletePayload complete:
                SendAnswer(complete.Payload, request.Owner.Pool, () => CompleteUpload(request.Owner, complete));
                break;
            case PayloadProtocol.FetchPayload fetch: Sender.Tell(BeginDownload(request.Owner, fetch.Payload)); break;
            case PayloadProtocol.ReleasePayload release when MayChange(request.Owner, release.Payload):
                RemovePayload(request.Owner.Pool, release.Payload);
                break;
        }
    }

    /// <param name="payload">The payload of the request. It is removed after an error of the disk.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="answer">Handles the request. May throw.</param>
    private void SendAnswer(PayloadId payload, PoolId pool, Func<IWireMessage> answer)
    {
        try
        {
            Sender.Tell(answer());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            RemovePayload(pool, payload);
            Sender.Tell(new PayloadProtocol.PayloadRefused(
                payload, $"The coordinator cannot store a large payload: {DiskError.Describe(exception)}."));
        }
    }

    /// <summary>Gets the address that a sender proves on the data port. Within one process it is the client's.</summary>
    private HostPort GetPeer(PayloadOwner owner) => Sender.IsLocal() ? owner.Client : HostPort.FromAddress(Sender.Path.Address);

    private IWireMessage BeginUpload(PayloadRequest request, PayloadProtocol.OfferPayload offer)
    {
        if (_state.AddPayload(request.Owner, offer, GetPeer(request.Owner), Now) is { } refusal)
            return new PayloadProtocol.PayloadRefused(offer.Payload, refusal);
        if (_pools.TryAdd(request.Actor, request.Owner.Pool))
            Context.Watch(request.Actor);
        ScheduleUploadCheck();
        _files.CreateFile(offer.Payload, offer.Length, GetPeer(request.Owner));
        return new PayloadProtocol.PayloadReady(offer.Payload, _port);
    }

    /// <summary>Whether the sender may complete or remove a payload. The actor of the pool may.</summary>
    private bool MayChange(PayloadOwner owner, PayloadId payload) => _state.MayChange(owner, payload, GetPeer(owner));

    private IWireMessage CompleteUpload(PayloadOwner owner, PayloadProtocol.CompletePayload complete)
    {
        if (!MayChange(owner, complete.Payload))
            return new PayloadProtocol.PayloadRefused(complete.Payload, PayloadState.FormatNotUploading(complete.Payload));
        _state.SetReceived(complete.Payload, _files.GetReceived(complete.Payload), Now);
        if (_state.CompletePayload(owner.Pool, complete.Payload) is { } refusal)
            return new PayloadProtocol.PayloadRefused(complete.Payload, refusal);
        if (_files.CompleteFile(complete.Payload) == complete.Hash)
            return new PayloadProtocol.PayloadStored(complete.Payload);
        RemovePayload(owner.Pool, complete.Payload);
        return new PayloadProtocol.PayloadRefused(
            complete.Payload, "The content of a large payload changed on the way, so it was refused. Submit the job again.");
    }

    private IWireMessage BeginDownload(PayloadOwner owner, PayloadId payload)
    {
        if (_state.CheckDownload(owner.Pool, payload) is { } refusal)
            return new PayloadProtocol.PayloadRefused(payload, refusal);
        _files.AddReader(payload, GetPeer(owner));
        return new PayloadProtocol.PayloadReady(payload, _port);
    }

    private void ScheduleUploadCheck()
    {
        if (!Timers.IsTimerActive(nameof(UploadCheckDue)))
            Timers.StartSingleTimer(nameof(UploadCheckDue), UploadCheckDue.Instance, UploadCheckInterval);
    }

    private void RemoveTimedOut()
    {
        foreach (var upload in _state.Uploads)
            _state.SetReceived(upload, _files.GetReceived(upload), Now);
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

    private void RemoveResult(PoolId pool, PayloadId payload)
    {
        if (_state.RemoveResult(pool, payload))
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

    /// <summary>From a pool: removes a payload that a node has named as the result of a job.</summary>
    public sealed record RemoveResultPayload(PoolId Pool, PayloadId Payload);

    /// <summary>From a pool: removes the payloads of an executor that are not retained.</summary>
    public sealed record RemoveExecutorPayloads(PoolId Pool, ExecutorId Executor);

    private sealed record UploadCheckDue
    {
        public static readonly UploadCheckDue Instance = new();
    }
}
