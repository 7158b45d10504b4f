using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Collections;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>The unsettled calls of a caller of a durable object, with their answers. Has no actor and no clock.</summary>
/// <param name="sizes">The memory of the calls of all callers.</param>
public sealed class CallerCalls(CallSizes sizes)
{
    private readonly Dictionary<long, (ObjectReply? Answer, long Bytes)> _calls = new(SeededComparer<long>.Instance);

    /// <summary>The number of calls.</summary>
    public int Count => _calls.Count;

    /// <summary>The calls with their answers. Null for a call that waits.</summary>
    public IEnumerable<KeyValuePair<long, ObjectReply?>> All => _calls.Select(call => KeyValuePair.Create(call.Key, call.Value.Answer));

    /// <summary>Whether the call is unsettled.</summary>
    public bool Contains(long call) => _calls.ContainsKey(call);

    /// <summary>Adds a call that waits.</summary>
    /// <param name="call">The number of the call.</param>
    /// <param name="size">The bytes of its values.</param>
    public void SetWaiting(long call, long size) => SetCall(call, null, size);

    /// <summary>Sets the answer to a call.</summary>
    public void SetAnswer(ObjectReply answer) => SetCall(answer.Call, answer, ObjectSizes.MeasureValues(answer.Payloads));

    /// <summary>Removes a call.</summary>
    /// <param name="call">The number of the call.</param>
    /// <param name="answer">Its answer; null if it waits, or is unknown.</param>
    /// <returns>Whether it was unsettled.</returns>
    public bool TryRemove(long call, out ObjectReply? answer)
    {
        var isRemoved = _calls.Remove(call, out var removed);
        answer = removed.Answer;
        if (isRemoved)
            sizes.Remove(removed.Bytes);
        return isRemoved;
    }

    /// <summary>Removes all calls.</summary>
    public void Clear()
    {
        foreach (var call in _calls.Values)
            sizes.Remove(call.Bytes);
        _calls.Clear();
    }

    private void SetCall(long call, ObjectReply? answer, long size)
    {
        if (_calls.TryGetValue(call, out var former))
            sizes.Remove(former.Bytes);
        sizes.Add(size);
        _calls[call] = (answer, size);
    }
}

/// <summary>The memory of the unsettled calls of all callers.</summary>
public sealed class CallSizes
{
    /// <summary>The bytes of a call without values.</summary>
    private const int Overhead = 256;

    private long _count;
    private long _values;

    /// <summary>The bytes of the calls, without their values and those of their answers.</summary>
    public long CallBytes => _count * Overhead;

    /// <summary>The bytes of the calls, with all values.</summary>
    public long Total => CallBytes + _values;

    /// <summary>Adds a call.</summary>
    /// <param name="values">The bytes of its values.</param>
    public void Add(long values) => (_count, _values) = (_count + 1, _values + values);

    /// <summary>Removes a call.</summary>
    /// <param name="values">The bytes of its values.</param>
    public void Remove(long values) => (_count, _values) = (_count - 1, _values - values);
}
