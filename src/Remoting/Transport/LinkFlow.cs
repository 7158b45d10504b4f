using Actors.Remoting.Flow;
using Akka.Remote.Transport;

namespace Actors.Remoting.Transport;

/// <summary>
/// Limits the memory that one connection needs. It is not read while too many of its messages are not handled, or while the peer does not
/// receive its answers. Thread-safe.
/// </summary>
public sealed class LinkFlow
{
    /// <summary>The interval at which heartbeats of death watch are sent (<c>akka.remote.watch-failure-detector</c>).</summary>
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _access = new();
    private readonly PeerHeartbeats _heartbeats;
    private readonly UnhandledMessages _messages;
    private readonly LinkContext _context;
    private readonly InboundFilter _filter;
    private readonly LinkChannel _channel;
    private readonly IHandleEventListener _upstream;
    private readonly HandledMarkers _markers;
    private volatile bool _isPaused;
    private volatile bool _isBlocked;
    private bool _awaitsRoom;
    private bool _repeatsHeartbeats;
    private bool _isClosed;

    /// <param name="context">The context of all connections of this program.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="filter">The filter of the connection.</param>
    /// <param name="channel">The connection.</param>
    /// <param name="upstream">Receives the messages of the connection.</param>
    public LinkFlow(LinkContext context, LinkPeer peer, InboundFilter filter, LinkChannel channel, IHandleEventListener upstream)
    {
        (_context, _filter, _channel, _upstream) = (context, filter, channel, upstream);
        _messages = new UnhandledMessages(context.UnhandledLimit);
        _heartbeats = new PeerHeartbeats(context.Address, context.Address.WithHost(peer.Address.Host).WithPort(peer.Address.Port));
        _markers = new HandledMarkers(context.System, context.Address, OnHandled);
        context.Shares.Add();
    }

    /// <summary>Adds a message after its delivery.</summary>
    /// <param name="recipient">The path of its recipient.</param>
    /// <param name="bytes">Its bytes.</param>
    public void AddMessage(ReadOnlySpan<byte> recipient, int bytes)
    {
        UnhandledMessages.Markers? markers;
        lock (_access)
        {
            _messages.SetLimit(_context.Shares.GetShare(_context.UnhandledLimit));
            _messages.Add(recipient, bytes);
            markers = _messages.TakeDueMarkers();
            UpdateReading();
        }

        if (markers is not null)
            _markers.Deliver(markers, _upstream);
    }

    /// <summary>
    /// Whether another message may be written. Otherwise the framework keeps it, and tries again after some milliseconds. It serializes a
    /// message only for a try, so many answers with the same large value need little memory.
    /// </summary>
    public bool MayWrite()
    {
        var isBlocked = _channel.UnsentBytes > _context.Shares.GetShare(_context.UnsentLimit);
        if (isBlocked != _isBlocked)
        {
            lock (_access)
            {
                _isBlocked = isBlocked;
                UpdateReading();
            }
        }

        return !isBlocked;
    }

    /// <summary>Sets whether a large frame of the peer must wait, because others have not arrived completely.</summary>
    public void SetWaiting(bool isWaiting)
    {
        lock (_access)
        {
            _awaitsRoom = isWaiting;
            UpdateReading();
        }
    }

    /// <summary>The connection has ended. Call it once.</summary>
    public void Close()
    {
        lock (_access)
            _isClosed = true;
        _context.Shares.Remove();
        _markers.Unregister();
    }

    /// <summary>The thread of the connection delivers the next markers: the thread of a recipient would deliver to itself.</summary>
    private void OnHandled(long number)
    {
        UnhandledMessages.Markers? markers;
        lock (_access)
        {
            _messages.OnHandled(number);
            markers = _messages.TakeDueMarkers();
            UpdateReading();
        }

        if (markers is not null)
            _channel.Execute(() => _markers.Deliver(markers, _upstream));
    }

    private void UpdateReading()
    {
        if ((_messages.IsFull || _isBlocked || _awaitsRoom) == _isPaused)
            return;
        _isPaused = !_isPaused;
        _channel.UpdateReading(() => !_isPaused);
        if (_isPaused && !_repeatsHeartbeats)
            ScheduleHeartbeats();
    }

    private void ScheduleHeartbeats()
    {
        _repeatsHeartbeats = true;
        _context.System.Scheduler.Advanced.ScheduleOnce(HeartbeatInterval, RepeatHeartbeats);
    }

    /// <summary>
    /// Delivers heartbeats after the connection was stopped. The peer's own may still wait behind its other messages.
    /// </summary>
    private void RepeatHeartbeats()
    {
        lock (_access)
        {
            _repeatsHeartbeats = false;
            if (_isClosed)
                return;
            if (_isPaused)
                ScheduleHeartbeats();
        }

        if (_filter.PeerUid is { } uid)
            _channel.Execute(() => DeliverHeartbeats(uid));
    }

    private void DeliverHeartbeats(ulong uid)
    {
        foreach (var heartbeat in _heartbeats.CreateHeartbeats(uid))
            _upstream.Notify(heartbeat);
    }
}
