using System.Runtime.ExceptionServices;

namespace Actors;

/// <summary>
/// The value of one item of a map, or its error, as an element of Python's <c>asyncio.gather(return_exceptions=True)</c>. Immutable.
/// </summary>
/// <typeparam name="T">The function's result.</typeparam>
public sealed class ItemResult<T>
{
    private readonly T _value;

    internal ItemResult(long index, T value, Exception? error) => (Index, _value, Error) = (index, value, error);

    /// <summary>The index of the item in the source of the map, from 0.</summary>
    public long Index { get; }

    /// <summary>Whether the function returned.</summary>
    public bool IsSuccessful => Error is null;

    /// <summary>
    /// What the function threw, or the reason why it did not end, such as <see cref="JobTimedOutException"/> or
    /// <see cref="WorkerLostException"/>; null when it returned.
    /// </summary>
    public Exception? Error { get; }

    /// <summary>What the function returned.</summary>
    /// <exception cref="Exception">The item failed: this throws <see cref="Error"/>.</exception>
    public T Value
    {
        get
        {
            if (Error is not null)
                ExceptionDispatchInfo.Throw(Error);
            return _value;
        }
    }

    /// <summary>Takes the result apart; the value is its type's default where there is an error.</summary>
    public void Deconstruct(out long index, out T? value, out Exception? error) => (index, value, error) = (Index, _value, Error);

    /// <inheritdoc/>
    public override string ToString() => Error is null ? $"{Index}: {_value}" : $"{Index}: {Error.GetType().Name}: {Error.Message}";
}
