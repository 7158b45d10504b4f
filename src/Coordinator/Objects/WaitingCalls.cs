namespace Actors.Coordinator.Objects;

/// <summary>The calls that wait for the same thing, first come, first served.</summary>
internal sealed class WaitingCalls
{
    private readonly LinkedList<WaitingCall> _calls = new();

    public WaitingCall? First => _calls.First?.Value;

    public bool IsEmpty => _calls.Count == 0;

    /// <summary>The earliest moment at which one of them stops waiting; null when all wait for ever.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            var earliest = TimeSpan.MaxValue;
            foreach (var call in _calls)
                earliest = call.Deadline < earliest ? call.Deadline : earliest;
            return earliest == TimeSpan.MaxValue ? null : earliest;
        }
    }

    public void Add(WaitingCall call) => _calls.AddLast(call);

    public void RemoveFirst() => _calls.RemoveFirst();

    /// <summary>Takes out what matches, in order.</summary>
    public List<WaitingCall> Remove(Predicate<WaitingCall> match)
    {
        var removed = new List<WaitingCall>();
        for (var node = _calls.First; node is not null;)
        {
            var next = node.Next;
            if (match(node.Value))
            {
                removed.Add(node.Value);
                _calls.Remove(node);
            }

            node = next;
        }

        return removed;
    }
}
