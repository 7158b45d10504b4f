namespace Actors.Coordinator.Objects.Kinds;

/// <summary>One end of a pipe: its users, and the messages that the other end sent and that were not received.</summary>
public sealed class PipeSide
{
    /// <summary>A sender waits while the unread bytes would exceed this. A single message is always accepted.</summary>
    public const int UnreadLimit = 1 << 20;

    private readonly LinkedList<PipeMessage> _unread = new();
    private long _lastPosition;

    /// <summary>The bytes of the messages that were not received. An empty message needs memory too.</summary>
    public long UnreadBytes { get; private set; }

    /// <summary>The processes that use this end.</summary>
    public HashSet<Caller> Users { get; } = [];

    /// <summary>Whether the end is closed for good.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The calls that wait to send a message to this end.</summary>
    public WaitingCalls Senders { get; } = new();

    /// <summary>The calls that wait to receive a message.</summary>
    public WaitingCalls Receivers { get; } = new();

    /// <summary>The calls that wait until there is a message.</summary>
    public WaitingCalls Pollers { get; } = new();

    /// <summary>All waiting calls of this end.</summary>
    public IEnumerable<WaitingCalls> Waiting => [Senders, Receivers, Pollers];

    /// <summary>The next message.</summary>
    public PipeMessage? First => _unread.First?.Value;

    public bool HasCapacityFor(int bytes) => _unread.Count == 0 || UnreadBytes + bytes <= UnreadLimit;

    public void AddMessage(ReadOnlyMemory<byte> payload)
    {
        _unread.AddLast(new PipeMessage(++_lastPosition, payload));
        UnreadBytes += ObjectSizes.MeasureValue(payload);
    }

    public PipeMessage TakeFirst()
    {
        var message = _unread.First!.Value;
        _unread.RemoveFirst();
        UnreadBytes -= ObjectSizes.MeasureValue(message.Payload);
        return message;
    }

    /// <summary>Returns a message that its receiver never got, before all later ones.</summary>
    public void PutBack(PipeMessage message)
    {
        UnreadBytes += ObjectSizes.MeasureValue(message.Payload);
        var next = _unread.First;
        while (next is not null && next.Value.Position < message.Position)
            next = next.Next;
        if (next is null)
            _unread.AddLast(message);
        else
            _unread.AddBefore(next, message);
    }

    /// <summary>Closes the end and discards its unread messages.</summary>
    public void CloseSide()
    {
        IsClosed = true;
        _unread.Clear();
        UnreadBytes = 0;
    }
}

/// <summary>A message with its position among all messages to its end.</summary>
public sealed record PipeMessage(long Position, ReadOnlyMemory<byte> Payload);
