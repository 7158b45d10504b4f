using System.Security.Cryptography;
using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Actors.Remoting.Transport;

/// <summary>
/// A connection: first its handshake, then the messages that its peer's role may send. It reads for the framework from the beginning, and hands over what has
/// come meanwhile when the framework begins to read.
/// </summary>
internal sealed class AuthenticatedLink : AssociationHandle, IHandleEventListener
{
    private readonly AssociationHandle _wrapped;
    private readonly LinkChannel _channel;
    private readonly LinkHandshake _handshake;
    private readonly LinkContext _context;
    private readonly Lock _gate = new();
    private readonly Queue<IHandleEvent> _early = [];
    private readonly Action<AuthenticatedLink> _onOpened;
    private readonly Action<AuthenticatedLink, LinkRefusal> _onRefused;
    private volatile IHandleEventListener? _upstream;
    private LinkPeer? _peer;
    private InboundFilter? _filter;
    private long _refused;
    private bool _isOver;

    /// <param name="wrapped">The connection of the framework's transport.</param>
    /// <param name="handshake">This side of the handshake.</param>
    /// <param name="context">What all connections of this program share.</param>
    /// <param name="onOpened">Called when the peer has proven itself, unless the next is called.</param>
    /// <param name="onRefused">Called when the connection is closed before.</param>
    public AuthenticatedLink(
        AssociationHandle wrapped, LinkHandshake handshake, LinkContext context, Action<AuthenticatedLink> onOpened,
        Action<AuthenticatedLink, LinkRefusal> onRefused)
        : base(wrapped.LocalAddress, wrapped.RemoteAddress)
    {
        (_wrapped, _channel, _handshake, _context) = (wrapped, LinkChannel.Of(wrapped), handshake, context);
        (_onOpened, _onRefused) = (onOpened, onRefused);
    }

    /// <summary>Begins the handshake.</summary>
    public void Open()
    {
        ReadHandlerSource.Task.ContinueWith(
            listener => HandOver(listener.Result),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        _channel.Guard();
        _wrapped.ReadHandlerSource.SetResult(this);
        if (_handshake.Begin() is { } first)
            _wrapped.Write(ByteString.CopyFrom(first));
    }

    /// <summary>Closes the connection if its peer has not proven itself yet.</summary>
    public void GiveUp(string reason)
    {
        lock (_gate)
        {
            if (_peer is null)
                Refuse(new LinkRefusal(LinkRefusalCode.Limit, reason));
        }
    }

    /// <inheritdoc/>
    public override bool Write(ByteString payload) => _wrapped.Write(payload);

    /// <inheritdoc/>
#pragma warning disable CS0618, CS0672 // The framework calls this one through the one that replaces it.
    public override void Disassociate() => _wrapped.Disassociate();
#pragma warning restore CS0618, CS0672

    /// <inheritdoc/>
    public void Notify(IHandleEvent ev)
    {
        if (ev is Disassociated)
            OnClosed();
        if (_upstream is { } upstream)
        {
            Forward(upstream, ev);
            return;
        }

        lock (_gate)
        {
            if (_upstream is { } late)
                Forward(late, ev);
            else if (_peer is null)
                OnHandshakeEvent(ev);
            else if (_early.Count < LinkLimits.Early)
                _early.Enqueue(ev);
            else
                _channel.Close();
        }
    }

    private void Forward(IHandleEventListener upstream, IHandleEvent ev)
    {
        var verdict = ev is InboundPayload payload ? _filter!.Judge(payload.Payload.Span) : FilterVerdict.Allowed;
        if (verdict == FilterVerdict.Allowed)
            upstream.Notify(ev);
        else
            OnRefusedMessage(verdict);
    }

    /// <summary>Logged once for each connection: a peer that sends many must not fill the disk.</summary>
    private void OnRefusedMessage(FilterVerdict verdict)
    {
        if (Interlocked.Increment(ref _refused) == 1)
        {
            _context.Log.Error(
                "Refused a message of the {0} {1} ({2}). It was not delivered; others like it are refused without a log event.",
                _peer!.Role, _peer.Address, verdict);
        }

        if (verdict is FilterVerdict.Malformed or FilterVerdict.ForeignOrigin)
            _channel.Close();
    }

    private void HandOver(IHandleEventListener upstream)
    {
        lock (_gate)
        {
            while (_early.TryDequeue(out var ev))
                Forward(upstream, ev);
            _upstream = upstream;
        }
    }

    private void OnHandshakeEvent(IHandleEvent ev)
    {
        if (_isOver)
            return;
        if (ev is not InboundPayload payload)
        {
            Refuse(new LinkRefusal(LinkRefusalCode.Limit, "the peer closed the connection during the handshake."));
            return;
        }

        var step = Take(payload.Payload.Span);
        if (step.Peer is { } peer && _context.Proven.TryAdd(peer) is { } taken)
            step = new LinkStep(LinkFrame.Refuse(taken.Code, taken.Reason), Refusal: taken);
        if (step.Peer is not null)
        {
            _peer = step.Peer;
            _filter = new InboundFilter(_context.Role, _context.Address, step.Peer);
            _channel.Unguard();
        }

        if (step.Send is { } answer)
        {
            _wrapped.Write(ByteString.CopyFrom(answer));
            _channel.Flush();
        }

        if (step.Refusal is { } refusal)
            Refuse(refusal);
        else if (step.Peer is not null)
            _onOpened(this);
    }

    private LinkStep Take(ReadOnlySpan<byte> frame)
    {
        try
        {
            return _handshake.Receive(frame, _channel.Certificates());
        }
        catch (CryptographicException exception)
        {
            return new LinkStep(Refusal: new LinkRefusal(LinkRefusalCode.Role, exception.Message));
        }
    }

    private void Refuse(LinkRefusal refusal)
    {
        if (_isOver)
            return;
        _isOver = true;
        _channel.Close();
        _context.Log.Debug("No connection with {0}: {1}", RemoteAddress, refusal.Reason);
        _onRefused(this, refusal);
    }

    private void OnClosed()
    {
        lock (_gate)
        {
            if (_isOver || _peer is null)
                return;
            _isOver = true;
            _context.Proven.Remove(_peer);
        }
    }
}
