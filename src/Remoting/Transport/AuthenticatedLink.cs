using System.Security.Cryptography;
using Actors.Remoting.Chaos;
using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Actors.Remoting.Transport;

/// <summary>
/// A connection. It first carries out the handshake, and then delivers the messages that the role of the peer may send. It receives from
/// the beginning, and buffers messages until the framework reads them.
/// </summary>
public sealed class AuthenticatedLink : AssociationHandle, IHandleEventListener
{
    /// <summary>The actor that stands for the framework when messages without a recipient count.</summary>
    private static readonly byte[] Watcher = "/system/remote-watcher"u8.ToArray();

    private readonly AssociationHandle _wrapped;
    private readonly LinkChannel _channel;
    private readonly LinkHandshake _handshake;
    private readonly LinkContext _context;
    private readonly Lock _access = new();
    private readonly Queue<IHandleEvent> _buffered = [];
    private readonly Action<AuthenticatedLink> _onOpened;
    private readonly Action<AuthenticatedLink, LinkRefusal> _onRefused;
    private volatile IHandleEventListener? _upstream;
    private LinkPeer? _peer;
    private InboundFilter? _filter;
    private LinkFaultFilter? _faultFilter;
    private volatile LinkFlow? _flow;
    private long _refused;
    private bool _isConfirming;
    private bool _isClosed;

    /// <param name="wrapped">The connection of the framework's transport.</param>
    /// <param name="handshake">The handshake of this side.</param>
    /// <param name="context">The context of all connections of this program.</param>
    /// <param name="onOpened">Called when the peer has proven its role and address, unless <paramref name="onRefused"/> is called.</param>
    /// <param name="onRefused">Called when the connection is closed before the handshake completes.</param>
    public AuthenticatedLink(
        AssociationHandle wrapped, LinkHandshake handshake, LinkContext context, Action<AuthenticatedLink> onOpened,
        Action<AuthenticatedLink, LinkRefusal> onRefused)
        : base(wrapped.LocalAddress, wrapped.RemoteAddress)
    {
        (_wrapped, _channel, _handshake, _context) = (wrapped, LinkChannel.FromHandle(wrapped), handshake, context);
        (_onOpened, _onRefused) = (onOpened, onRefused);
    }

    /// <summary>The IP address of the peer.</summary>
    public LinkSource Source => _channel.Source;

    /// <summary>The proven peer. Read it after the handshake only.</summary>
    public LinkPeer Peer => _peer!;

    /// <summary>Starts the handshake.</summary>
    public void StartHandshake()
    {
        ReadHandlerSource.Task.ContinueWith(
            listener => AttachReader(listener.Result),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default);
        if (_context.Tls is { } tls && _handshake is AcceptorHandshake)
            _channel.UseChainPolicy(tls);
        _channel.AddGuards(_context.Frames, _context.LongestFrame);
        _wrapped.ReadHandlerSource.SetResult(this);
        if (_handshake.CreateFirstFrame() is { } first)
            _wrapped.Write(ByteString.CopyFrom(first));
    }

    /// <summary>Closes the connection unless the handshake has completed.</summary>
    public void CloseUnlessProven(string reason)
    {
        lock (_access)
        {
            if (_peer is null)
                CloseRefused(new LinkRefusal(LinkRefusalCode.Limit, reason));
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Close() => _channel.Close();

    /// <inheritdoc/>
    public override bool Write(ByteString payload) =>
        _flow?.MayWrite() != false && (_faultFilter?.Write(payload) ?? _wrapped.Write(payload));

    /// <inheritdoc/>
#pragma warning disable CS0618, CS0672 // The framework calls this member through its replacement.
    public override void Disassociate() => _wrapped.Disassociate();
#pragma warning restore CS0618, CS0672

    /// <inheritdoc/>
    public void Notify(IHandleEvent ev)
    {
        if (ev is Disassociated)
            OnClosed();
        if (_faultFilter is { } faultFilter)
            faultFilter.Receive(ev);
        else
            ProcessEvent(ev);
    }

    private void ProcessEvent(IHandleEvent ev)
    {
        if (_upstream is { } upstream)
        {
            ForwardIfAllowed(upstream, ev);
            return;
        }

        lock (_access)
        {
            if (_upstream is { } late)
                ForwardIfAllowed(late, ev);
            else if (_peer is null)
                OnHandshakeEvent(ev);
            else if (_buffered.Count < LinkLimits.MaxBuffered)
                _buffered.Enqueue(ev);
            else
                _channel.Close();
        }
    }

    private void ForwardIfAllowed(IHandleEventListener upstream, IHandleEvent ev)
    {
        if (ev is not InboundPayload { Payload: var message })
        {
            upstream.Notify(ev);
            return;
        }

        var verdict = _filter!.JudgeMessage(message.Span, out var recipient);
        if (verdict != FilterVerdict.Allowed)
        {
            OnRefusedMessage(verdict);
            return;
        }

        upstream.Notify(ev);
        _flow?.AddMessage(recipient.IsEmpty ? Watcher : recipient, message.Length);
    }

    /// <summary>Logs the first refused message of a connection only: a peer that sends many must not fill the disk.</summary>
    private void OnRefusedMessage(FilterVerdict verdict)
    {
        if (verdict == FilterVerdict.Removal)
        {
            _channel.Close();
            return;
        }

        if (Interlocked.Increment(ref _refused) == 1)
        {
            _context.Log.Error(
                "Refused a message of the {0} {1} ({2}). It was not delivered; others like it are refused without a log event.",
                _peer!.Role, _peer.Address, verdict);
        }

        if (verdict is FilterVerdict.Malformed or FilterVerdict.ForeignOrigin or FilterVerdict.TooManyWatches)
            _channel.Close();
    }

    private void AttachReader(IHandleEventListener upstream)
    {
        lock (_access)
        {
            // Coordinators trust each other. Heartbeats of the cluster must not wait behind other messages.
            if (_peer!.Role != LinkRole.Coordinator)
            {
                _flow = new LinkFlow(_context, _peer, _filter!, _channel, upstream);
                _channel.ObserveWaiting(_flow.SetWaiting);
            }

            if (_isClosed)
                _flow?.Close();
            while (_buffered.TryDequeue(out var ev))
                ForwardIfAllowed(upstream, ev);
            _upstream = upstream;
        }
    }

    private void OnHandshakeEvent(IHandleEvent ev)
    {
        if (_isClosed)
            return;
        if (ev is not InboundPayload payload)
        {
            CloseRefused(new LinkRefusal(LinkRefusalCode.Limit, "the peer closed the connection during the handshake."));
            return;
        }

        if (_isConfirming)
        {
            CloseRefused(new LinkRefusal(LinkRefusalCode.Malformed, "the peer sent more than a handshake."));
            return;
        }

        var step = ProcessFrame(payload.Payload.Span);
        _isConfirming = step.Peer is { } claimed && MustConfirm(claimed);
        if (_isConfirming)
            _ = ConfirmAsync(step);
        else
            CompleteStep(step);
    }

    /// <summary>
    /// Whether a coordinator has connected to a client or node, and no certificate proves that it is one. Each client has the same key.
    /// </summary>
    private bool MustConfirm(LinkPeer claimed) =>
        claimed.Role == LinkRole.Coordinator && _context.Role != LinkRole.Coordinator && _handshake is AcceptorHandshake
        && !_channel.ReadCertificates().PeerRoles.Contains(LinkRole.Coordinator);

    private async Task ConfirmAsync(LinkStep step)
    {
        var refusal = await _context.FindRefusalAsync(step.Peer!).ConfigureAwait(false);
        if (refusal is not null)
            step = new LinkStep(LinkFrame.EncodeRefusal(refusal.Code, refusal.Reason), Refusal: refusal);
        lock (_access)
        {
            if (!_isClosed)
                CompleteStep(step);
        }
    }

    private void CompleteStep(LinkStep step)
    {
        if (step.Peer is { } peer && _context.Proven.TryAdd(peer, Source) is { } conflict)
            step = new LinkStep(LinkFrame.EncodeRefusal(conflict.Code, conflict.Reason), Refusal: conflict);
        if (step.Peer is not null)
        {
            _peer = step.Peer;
            _filter = new InboundFilter(
                _context.Role, _context.Address, step.Peer, _context.GetWatches(step.Peer), uid => OnIntroduced(step.Peer, uid));
            if (_context.Faults is { } faults)
                faults.AddFilter(_faultFilter = new LinkFaultFilter(faults, step.Peer, _wrapped.Write, ProcessEvent));
            _channel.RemoveGuards(step.Peer.Role);
        }

        if (step.Send is { } answer)
        {
            _wrapped.Write(ByteString.CopyFrom(answer));
            _channel.FlushWrites();
        }

        if (step.Refusal is { } refusal)
            CloseRefused(refusal);
        else if (step.Peer is not null)
            _onOpened(this);
    }

    private NumberedMessages OnIntroduced(LinkPeer peer, ulong uid)
    {
        _context.System.EventStream.Publish(new PeerIntroduced(peer.Address, unchecked((int)uid)));
        return _context.Proven.GetNumbers(peer, uid);
    }

    private LinkStep ProcessFrame(ReadOnlySpan<byte> frame)
    {
        try
        {
            return _handshake.ProcessFrame(frame, _channel.ReadCertificates());
        }
        catch (CryptographicException exception)
        {
            return new LinkStep(Refusal: new LinkRefusal(LinkRefusalCode.Role, exception.Message));
        }
    }

    private void CloseRefused(LinkRefusal refusal)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _channel.Close();
        _context.Log.Debug("No connection with {0}: {1}", RemoteAddress, refusal.Reason);
        _onRefused(this, refusal);
    }

    private void OnClosed()
    {
        lock (_access)
        {
            if (_isClosed || _peer is null)
                return;
            _isClosed = true;
            _context.Proven.RemoveLink(_peer, Source);
            _flow?.Close();
        }
    }
}
