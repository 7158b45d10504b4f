namespace Actors.Checkers;

/// <summary>Records the operations of many callers. Thread-safe. Its clock counts the recorded begins and ends.</summary>
public sealed class HistoryRecorder<TInput, TOutput>
{
    private readonly Lock _access = new();
    private readonly Dictionary<long, HistoryOperation<TInput, TOutput>> _operations = [];
    private long _clock;

    /// <summary>Records the begin of an operation. Call it before the operation.</summary>
    /// <returns>The number of the operation.</returns>
    public long BeginOperation(long process, TInput input)
    {
        lock (_access)
        {
            var number = ++_clock;
            _operations.Add(number, new HistoryOperation<TInput, TOutput>(process, number, null, input));
            return number;
        }
    }

    /// <summary>Records the result of an operation. Call it after the operation.</summary>
    public void EndOperation(long number, TOutput output)
    {
        lock (_access)
            _operations[number] = _operations[number] with { ReturnedAt = ++_clock, Output = output };
    }

    /// <summary>Removes an operation that certainly had no effect, for example because it was refused.</summary>
    public void RemoveOperation(long number)
    {
        lock (_access)
            _operations.Remove(number);
    }

    /// <summary>Returns the operations so far in the order of their begins. The outcome of one without an end is unknown.</summary>
    public IReadOnlyList<HistoryOperation<TInput, TOutput>> ToHistory()
    {
        lock (_access)
            return [.. _operations.Values.OrderBy(operation => operation.InvokedAt)];
    }
}
