using Actors.Remoting.Flow;
using Akka.Remote.Transport;

namespace Actors.Remoting.Transport;

/// <summary>
/// Stops reading a connection while too many of its messages are not handled, and resumes when they are. Thread-safe.
/// </summary>
internal sealed class InboundFlow
{
    private readonly Lock _access = new();
    private readonly UnhandledMessages _messages;
    private readonly LinkChannel _channel;
    private readonly IHandleEventListener _upstream;
    private readonly HandledMarkers _markers;
    private bool _isPaused;

    /// <param name="context">The context of all connections of this program.</param>
    /// <param name="channel">The connection.</param>
    /// <param name="upstream">Receives the messages of the connection.</param>
    public InboundFlow(LinkContext context, LinkChannel channel, IHandleEventListener upstream)
    {
        (_channel, _upstream, _messages) = (channel, upstream, new UnhandledMessages(context.UnhandledLimit));
        _markers = new HandledMarkers(context.System, context.Address, OnHandled);
    }

    /// <summary>Adds a message after its delivery.</summary>
    /// <param name="recipient">The path of its recipient.</param>
    /// <param name="bytes">Its bytes.</param>
    public void AddMessage(ReadOnlySpan<byte> recipient, int bytes)
    {
        UnhandledMessages.Markers? markers;
        lock (_access)
        {
            _messages.Add(recipient, bytes);
            markers = _messages.TakeDueMarkers();
            UpdateReading();
        }

        if (markers is not null)
            _markers.Deliver(markers, _upstream);
    }

    /// <summary>The connection has ended.</summary>
    public void Close() => _markers.Unregister();

    /// <summary>The next markers are delivered by the thread of the connection: the thread of a recipient would deliver to itself.</summary>
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
        if (_messages.IsFull == _isPaused)
            return;
        _isPaused = !_isPaused;
        _channel.UpdateReading(() => !Volatile.Read(ref _isPaused));
    }
}
