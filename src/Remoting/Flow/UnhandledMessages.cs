using Actors.Messages.Collections;

namespace Actors.Remoting.Flow;

/// <summary>
/// Counts the messages of one connection that the actors of this program have not handled. A mailbox has no limit of its own, so a peer
/// that sends faster than its messages are handled would fill the memory. A marker to every recipient since the last markers shows that the
/// messages before it were handled. Not thread-safe.
/// </summary>
/// <param name="limit">The bytes above which the connection is not read. One larger message may exceed it.</param>
public sealed class UnhandledMessages(long limit)
{
    /// <summary>The bytes that a message counts besides its own, for its objects in memory, and for an answer that is larger.</summary>
    public const int MessageOverhead = 4 << 10;

    private readonly MarkerWindow _window = new(limit);
    private readonly HashSet<byte[]> _recipients = new(PathComparer.Instance);
    private byte[]? _last;
    private int _awaited;

    /// <summary>Whether the connection must not be read. Markers are awaited then.</summary>
    public bool IsFull => _window.IsFull;

    /// <summary>Changes the bytes above which the connection is not read.</summary>
    public void SetLimit(long limit) => _window.Resize(limit);

    /// <summary>Adds a message.</summary>
    /// <param name="recipient">The path of its recipient.</param>
    /// <param name="bytes">Its bytes.</param>
    public void Add(ReadOnlySpan<byte> recipient, int bytes)
    {
        _window.Add(MessageOverhead + bytes);
        if (_last is null || !recipient.SequenceEqual(_last))
            AddRecipient(recipient);
    }

    /// <summary>Gets the markers that must be sent now, one to each recipient. Null if none are due.</summary>
    public Markers? TakeDueMarkers()
    {
        if (_window.TakeDueMarker() is not { } number)
            return null;
        var markers = new Markers(number, [.. _recipients]);
        _awaited = markers.Recipients.Count;
        _recipients.Clear();
        _last = null;
        return markers;
    }

    /// <summary>A recipient has answered a marker, after the messages before it.</summary>
    public void OnHandled(long number)
    {
        if (--_awaited == 0)
            _window.TryAcknowledge(number);
    }

    private void AddRecipient(ReadOnlySpan<byte> recipient)
    {
        var known = _recipients.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!known.TryGetValue(recipient, out _last))
            _recipients.Add(_last = recipient.ToArray());
    }

    /// <summary>Markers with one number, for several recipients. Immutable.</summary>
    public sealed record Markers(long Number, IReadOnlyList<byte[]> Recipients);

    private sealed class PathComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static PathComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate) => SeededHash.ComputeBytes(alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
