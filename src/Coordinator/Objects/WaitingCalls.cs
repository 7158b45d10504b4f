using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>Calls that wait in the order of their coming, found also by key and by deadline.</summary>
internal sealed class WaitingCalls
{
    // A limit beyond this is no limit: the sum with the present time must not overflow.
    private const long LongestMilliseconds = 10L * 365 * 24 * 3600 * 1000;

    private readonly LinkedList<WaitingCall> _line = new();
    private readonly Dictionary<CallKey, LinkedListNode<WaitingCall>> _byKey = [];
    private readonly SortedSet<WaitingCall> _byDeadline = new(Comparer<WaitingCall>.Create(ByDeadline));
    private long _added;

    /// <summary>Whether none waits.</summary>
    internal bool IsEmpty => _line.Count == 0;

    /// <summary>The earliest deadline; null when none has one.</summary>
    internal TimeSpan? NextDeadline => _byDeadline.Min?.Deadline;

    /// <summary>Puts a call at the end of the line. A call that already waits is left where it is: the message came twice.</summary>
    internal void Add(CallKey key, ObjectCall call, TimeSpan now, int put = 0)
    {
        if (_byKey.ContainsKey(key))
            return;
        var waiting = new WaitingCall(key, call, Deadline(call.TimeoutMilliseconds, now), _added++) { Put = put };
        _byKey.Add(key, _line.AddLast(waiting));
        if (waiting.Deadline < TimeSpan.MaxValue)
            _byDeadline.Add(waiting);
    }

    /// <summary>The call that has waited longest.</summary>
    internal bool TryPeek([NotNullWhen(true)] out WaitingCall? first)
    {
        first = _line.First?.Value;
        return first is not null;
    }

    /// <summary>Takes the call that has waited longest.</summary>
    internal bool TryTake([NotNullWhen(true)] out WaitingCall? first) => TryPeek(out first) && Remove(first.Key);

    /// <summary>Takes a call whose deadline is not after <paramref name="now"/>, earliest first.</summary>
    internal bool TryTakeExpired(TimeSpan now, [NotNullWhen(true)] out WaitingCall? expired)
    {
        expired = _byDeadline.Min;
        return expired is not null && expired.Deadline <= now && Remove(expired.Key);
    }

    /// <summary>Takes a call out of the line; false when it does not wait.</summary>
    internal bool Remove(CallKey key)
    {
        if (!_byKey.Remove(key, out var node))
            return false;
        _line.Remove(node);
        if (node.Value.Deadline < TimeSpan.MaxValue)
            _byDeadline.Remove(node.Value);
        return true;
    }

    /// <summary>Takes every call of a caller out of the line.</summary>
    internal void RemoveCaller(long caller)
    {
        for (var node = _line.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Key.Caller == caller)
                Remove(node.Value.Key);
            node = next;
        }
    }

    private static TimeSpan Deadline(long timeoutMilliseconds, TimeSpan now) =>
        timeoutMilliseconds is < 0 or > LongestMilliseconds ? TimeSpan.MaxValue : now + TimeSpan.FromMilliseconds(timeoutMilliseconds);

    private static int ByDeadline(WaitingCall left, WaitingCall right)
    {
        int order = left.Deadline.CompareTo(right.Deadline);
        return order != 0 ? order : left.Order.CompareTo(right.Order);
    }
}
