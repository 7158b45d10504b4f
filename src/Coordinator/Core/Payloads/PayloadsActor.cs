using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting.Payloads;
using Akka.Actor;

namespace Actors.Coordinator.Payloads;

/// <summary>Where a coordinator stores large payloads.</summary>
/// <param name="Directory">Its own.</param>
/// <param name="Limits">How much it stores.</param>
internal sealed record PayloadStore(PayloadDirectory Directory, PayloadLimits Limits);

/// <summary>
/// Takes large arguments and results in from clients and nodes, and gives them to the others: feeds <see cref="PayloadState"/>, and reads or writes one part a
/// message. Pools pass on what they are told, and say what is not needed any more; what is left of a pool goes with it.
/// </summary>
internal sealed class PayloadsActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan SilenceInterval = PayloadLimits.Silence / 4;

    private readonly PayloadState _state;
    private readonly PayloadFiles _files;
    private readonly Dictionary<IActorRef, PoolId> _pools = [];

    public PayloadsActor(PayloadStore store)
    {
        _state = new PayloadState(store.Limits);
        _files = new PayloadFiles(store.Directory.Path);
        Receive<Of>(of => Take(of));
        Receive<Keep>(keep => _state.Keep(keep.Pool, keep.Payload));
        Receive<ExecutorGone>(gone => Remove(_state.RemoveExecutor(gone.Pool, gone.Executor)));
        Receive<ClientGone>(gone => Remove(_state.RemovePool(gone.Pool)));
        Receive<CheckSilence>(_ => RemoveSilent());
        Receive<Terminated>(gone => RemovePool(gone.ActorRef));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <inheritdoc/>
    protected override void PostStop() => _files.Dispose();

    private void Take(Of of)
    {
        switch (of.Message)
        {
            case PayloadProtocol.OfferPayload offer: Answer(offer.Payload, of.Owner.Pool, () => Begin(of, offer)); break;
            case PayloadProtocol.PayloadChunk chunk: Answer(chunk.Payload, of.Owner.Pool, () => Write(of.Owner.Pool, chunk)); break;
            case PayloadProtocol.CompletePayload complete: Answer(complete.Payload, of.Owner.Pool, () => Complete(of.Owner.Pool, complete)); break;
            case PayloadProtocol.FetchPayloadChunk fetch: Answer(fetch.Payload, null, () => Read(of.Owner.Pool, fetch)); break;
            case PayloadProtocol.ReleasePayload release: Remove(of.Owner.Pool, release.Payload); break;
        }
    }

    /// <param name="payload">What it is about.</param>
    /// <param name="writer">The pool that brings it, which must begin anew when that fails; null when it is only read.</param>
    /// <param name="answer">Does what was asked; may throw.</param>
    private void Answer(PayloadId payload, PoolId? writer, Func<IWireMessage> answer)
    {
        try
        {
            Sender.Tell(answer());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (writer is { } pool)
                Remove(pool, payload);
            Sender.Tell(new PayloadProtocol.PayloadRefused(payload, $"The coordinator cannot keep a large payload: {exception.Message}"));
        }
    }

    private IWireMessage Begin(Of of, PayloadProtocol.OfferPayload offer)
    {
        if (_state.Offer(of.Owner, offer, Now) is { } refusal)
            return new PayloadProtocol.PayloadRefused(offer.Payload, refusal);
        if (_pools.TryAdd(of.Actor, of.Owner.Pool))
            Context.Watch(of.Actor);
        CheckSilenceLater();
        _files.Begin(offer.Payload);
        return new PayloadProtocol.PayloadChunkReceived(offer.Payload, 0);
    }

    private IWireMessage Write(PoolId pool, PayloadProtocol.PayloadChunk chunk)
    {
        // One before it was lost, or this one came twice: the sender goes on from here.
        if (_state.Next(pool, chunk.Payload) is { } next && next != chunk.Offset)
            return new PayloadProtocol.PayloadChunkReceived(chunk.Payload, next);
        if (_state.Take(pool, chunk.Payload, chunk.Offset, chunk.Bytes.Length, Now) is { } refusal)
            return new PayloadProtocol.PayloadRefused(chunk.Payload, refusal);
        _files.Write(chunk.Payload, chunk.Offset, chunk.Bytes.Span);
        return new PayloadProtocol.PayloadChunkReceived(chunk.Payload, chunk.Offset + chunk.Bytes.Length);
    }

    private IWireMessage Complete(PoolId pool, PayloadProtocol.CompletePayload complete)
    {
        if (_state.Complete(pool, complete.Payload) is { } refusal)
            return new PayloadProtocol.PayloadRefused(complete.Payload, refusal);
        if (_files.End(complete.Payload) == complete.Hash)
            return new PayloadProtocol.PayloadStored(complete.Payload);
        Remove(pool, complete.Payload);
        return new PayloadProtocol.PayloadRefused(complete.Payload, "What has arrived of a large payload is not what was sent: it was refused.");
    }

    private IWireMessage Read(PoolId pool, PayloadProtocol.FetchPayloadChunk fetch)
    {
        var length = _state.Read(pool, fetch.Payload, fetch.Offset, out var refusal);
        return length == 0
            ? new PayloadProtocol.PayloadRefused(fetch.Payload, refusal)
            : new PayloadProtocol.PayloadChunk(fetch.Payload, fetch.Offset, _files.Read(fetch.Payload, fetch.Offset, length));
    }

    private void CheckSilenceLater()
    {
        if (!Timers.IsTimerActive(nameof(CheckSilence)))
            Timers.StartSingleTimer(nameof(CheckSilence), CheckSilence.Instance, SilenceInterval);
    }

    private void RemoveSilent()
    {
        Remove(_state.RemoveSilent(Now));
        if (_state.IsUploading)
            CheckSilenceLater();
    }

    private void RemovePool(IActorRef actor)
    {
        if (_pools.Remove(actor, out var pool))
            Remove(_state.RemovePool(pool));
    }

    private void Remove(IEnumerable<PayloadId> payloads)
    {
        foreach (var payload in payloads)
            _files.Remove(payload);
    }

    private void Remove(PoolId pool, PayloadId payload)
    {
        if (_state.Remove(pool, payload))
            _files.Remove(payload);
    }

    /// <summary>From a pool: what a client or an executor of it said, who is the sender.</summary>
    /// <param name="Owner">The pool and its client.</param>
    /// <param name="Actor">The pool's actor: its payloads are removed when it ends.</param>
    /// <param name="Message">One of <see cref="PayloadProtocol"/>.</param>
    public sealed record Of(PayloadOwner Owner, IActorRef Actor, IWireMessage Message);

    /// <summary>From a pool: its client is disconnected, and nobody needs its payloads.</summary>
    public sealed record ClientGone(PoolId Pool);

    /// <summary>From a pool: the end of a job refers to it.</summary>
    public sealed record Keep(PoolId Pool, PayloadId Payload);

    /// <summary>From a pool: what the executor brought is of no use, unless it is kept.</summary>
    public sealed record ExecutorGone(PoolId Pool, ExecutorId Executor);

    private sealed record CheckSilence
    {
        public static readonly CheckSilence Instance = new();
    }
}
