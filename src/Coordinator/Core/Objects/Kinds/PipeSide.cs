namespace Actors.Coordinator.Objects.Kinds;

/// <summary>One end of a pipe: who uses it, and what the other end sent to it and was not received yet.</summary>
internal sealed class PipeSide
{
    /// <summary>A sender waits while there would be more unread bytes than this; a message alone always goes in.</summary>
    public const int UnreadLimit = 1 << 20;

    private readonly LinkedList<PipeMessage> _unread = new();
    private long _lastPosition;
    private long _unreadBytes;

    /// <summary>The processes that use this end.</summary>
    public HashSet<Caller> Users { get; } = [];

    /// <summary>Whether nobody will use it again.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Who waits to put a message in.</summary>
    public WaitingCalls Senders { get; } = new();

    /// <summary>Who waits to take a message out.</summary>
    public WaitingCalls Receivers { get; } = new();

    /// <summary>Who waits until there is a message.</summary>
    public WaitingCalls Pollers { get; } = new();

    /// <summary>All who wait for this end.</summary>
    public IEnumerable<WaitingCalls> Waiting => [Senders, Receivers, Pollers];

    /// <summary>The message to be received next.</summary>
    public PipeMessage? First => _unread.First?.Value;

    public bool HasCapacityFor(int bytes) => _unread.Count == 0 || _unreadBytes + bytes <= UnreadLimit;

    public void AddMessage(ReadOnlyMemory<byte> payload)
    {
        _unread.AddLast(new PipeMessage(++_lastPosition, payload));
        _unreadBytes += payload.Length;
    }

    public PipeMessage TakeFirst()
    {
        var message = _unread.First!.Value;
        _unread.RemoveFirst();
        _unreadBytes -= message.Payload.Length;
        return message;
    }

    /// <summary>Puts back what its receiver never got, before all that was sent later.</summary>
    public void PutBack(PipeMessage message)
    {
        _unreadBytes += message.Payload.Length;
        var next = _unread.First;
        while (next is not null && next.Value.Position < message.Position)
            next = next.Next;
        if (next is null)
            _unread.AddLast(message);
        else
            _unread.AddBefore(next, message);
    }

    /// <summary>Closes it: nobody will read what is unread.</summary>
    public void CloseSide()
    {
        IsClosed = true;
        _unread.Clear();
        _unreadBytes = 0;
    }
}

/// <summary>A message, with its place in the order of all that were sent to its end.</summary>
internal sealed record PipeMessage(long Position, ReadOnlyMemory<byte> Payload);
