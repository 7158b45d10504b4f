using Actors.Messages.Chaos;
using Actors.Remoting.Transport;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Actors.Remoting.Chaos;

/// <summary>
/// Holds or discards the messages of one connection while a partition separates its ends. The order of messages stays. Thread-safe.
/// </summary>
/// <param name="faults">The partition of this program.</param>
/// <param name="peer">The peer.</param>
/// <param name="write">Sends a message.</param>
/// <param name="deliver">Delivers a received message or event.</param>
public sealed class LinkFaultFilter(LinkFaults faults, LinkPeer peer, Func<ByteString, bool> write, Action<IHandleEvent> deliver)
{
    /// <summary>The most held messages of each direction. A network that is down for long loses messages too.</summary>
    private const int MaxHeld = 100_000;

    private readonly Lock _access = new();
    private readonly Queue<ByteString> _outbound = [];
    private readonly Queue<IHandleEvent> _inbound = [];
    private LinkCut? _cut;
    private bool _isClosed;

    /// <summary>Sends a message, unless a partition holds or discards it.</summary>
    public bool Write(ByteString message)
    {
        lock (_access)
        {
            if (!IsCut(ChaosDirection.Outbound))
                return write(message);
            if (!_cut!.DiscardsMessages && _outbound.Count < MaxHeld)
                _outbound.Enqueue(message);
            return true;
        }
    }

    /// <summary>
    /// Delivers a message or the end of the connection, unless a partition holds or discards it. The end is always delivered, later.
    /// </summary>
    public void Receive(IHandleEvent ev)
    {
        lock (_access)
        {
            _isClosed |= ev is Disassociated;
            if (!IsCut(ChaosDirection.Inbound))
                deliver(ev);
            else if (ev is not InboundPayload || (!_cut!.DiscardsMessages && _inbound.Count < MaxHeld))
                _inbound.Enqueue(ev);
            RemoveWhenDone();
        }
    }

    /// <summary>Applies the current partition, and sends and delivers the messages that it does not hold any more.</summary>
    public void ApplyCut()
    {
        lock (_access)
        {
            _cut = faults.FindCut(peer);
            while (!IsCut(ChaosDirection.Outbound) && _outbound.TryDequeue(out var message))
                write(message);
            while (!IsCut(ChaosDirection.Inbound) && _inbound.TryDequeue(out var ev))
                deliver(ev);
            RemoveWhenDone();
        }
    }

    private bool IsCut(ChaosDirection direction) => _cut is { } cut && cut.Direction.HasFlag(direction);

    private void RemoveWhenDone()
    {
        if (_isClosed && _inbound.Count == 0)
            faults.RemoveFilter(this);
    }
}
