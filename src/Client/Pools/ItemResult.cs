using System.Runtime.ExceptionServices;

namespace Actors;

/// <summary>
/// The value or the error of one item of a map, as an element of Python's <c>asyncio.gather(return_exceptions=True)</c>. Immutable.
/// </summary>
/// <typeparam name="T">The result type of the function.</typeparam>
public sealed class ItemResult<T>
{
    private readonly T _value;

    internal ItemResult(long index, T value, Exception? error) => (Index, _value, Error) = (index, value, error);

    /// <summary>Gets the index of the item in the source of the map, from 0.</summary>
    public long Index { get; }

    /// <summary>Gets whether the function returned.</summary>
    public bool IsSuccessful => Error is null;

    /// <summary>
    /// Gets the exception of the function, or the reason why the call did not end, such as <see cref="JobTimedOutException"/> or
    /// <see cref="WorkerLostException"/>; null when the function returned.
    /// </summary>
    public Exception? Error { get; }

    /// <summary>Gets the return value of the function.</summary>
    /// <exception cref="Exception">The item failed; <see cref="Error"/> is thrown.</exception>
    public T Value
    {
        get
        {
            if (Error is not null)
                ExceptionDispatchInfo.Throw(Error);
            return _value;
        }
    }

    /// <summary>Deconstructs the result. The value is the default of its type when there is an error.</summary>
    public void Deconstruct(out long index, out T? value, out Exception? error) => (index, value, error) = (Index, _value, Error);

    /// <inheritdoc/>
    public override string ToString() => Error is null ? $"{Index}: {_value}" : $"{Index}: {Error.GetType().Name}: {Error.Message}";
}
