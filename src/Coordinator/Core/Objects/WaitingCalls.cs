namespace Actors.Coordinator.Objects;

/// <summary>The calls that wait for the same event, first come, first served.</summary>
public sealed class WaitingCalls
{
    private readonly LinkedList<WaitingCall> _calls = new();

    // Ordered by deadline, because the next deadline is read after every message.
    private readonly SortedSet<WaitingCall> _limited = new(Comparer<WaitingCall>.Create(
        (left, right) => (left.Deadline, left.Position).CompareTo((right.Deadline, right.Position))));

    private long _lastPosition;

    public WaitingCall? First => _calls.First?.Value;

    public bool IsEmpty => _calls.Count == 0;

    public int Count => _calls.Count;

    /// <summary>All calls, in order.</summary>
    public IEnumerable<WaitingCall> Calls => _calls;

    /// <summary>The earliest deadline. Null if no call has one.</summary>
    public TimeSpan? NextDeadline => _limited.Min?.Deadline;

    public void AddCall(WaitingCall call)
    {
        call.Position = ++_lastPosition;
        _calls.AddLast(call);
        if (call.Deadline < TimeSpan.MaxValue)
            _limited.Add(call);
    }

    public WaitingCall RemoveFirst()
    {
        var first = _calls.First!.Value;
        _limited.Remove(first);
        _calls.RemoveFirst();
        return first;
    }

    /// <summary>Removes and returns the matching calls, in order.</summary>
    public List<WaitingCall> RemoveWhere(Predicate<WaitingCall> match)
    {
        var removed = new List<WaitingCall>();
        for (var node = _calls.First; node is not null;)
        {
            var next = node.Next;
            if (match(node.Value))
            {
                removed.Add(node.Value);
                _limited.Remove(node.Value);
                _calls.Remove(node);
            }

            node = next;
        }

        return removed;
    }
}
