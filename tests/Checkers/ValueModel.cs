namespace Actors.Checkers;

/// <summary>An operation on one value, or on one key of a dictionary.</summary>
public enum ValueAction
{
    /// <summary>Returns the value.</summary>
    Read,

    /// <summary>Sets the value.</summary>
    Write,

    /// <summary>Sets the value if it is absent. Succeeds only then; returns the previous value.</summary>
    Add,

    /// <summary>Sets the value if it equals the expected one. Succeeds only then; returns the previous value.</summary>
    Replace,

    /// <summary>Removes the value. Succeeds if it was present; returns the previous value.</summary>
    Remove,

    /// <summary>Removes the key of a dictionary that was added last, and returns it with its value.</summary>
    PopLast,

    /// <summary>Removes all keys of a dictionary.</summary>
    Clear,
}

/// <summary>A call on a value.</summary>
/// <param name="Action">The operation.</param>
/// <param name="Argument">The new value, if the operation has one.</param>
/// <param name="Expected">The value that <see cref="ValueAction.Replace"/> expects.</param>
/// <param name="Key">The key of the dictionary; null for a single value.</param>
public sealed record ValueInput(ValueAction Action, long? Argument = null, long? Expected = null, string? Key = null);

/// <summary>The result of a call on a value.</summary>
/// <param name="Succeeded">Whether the operation did its change; true for reads and writes.</param>
/// <param name="Value">The value that was read, or the previous value; null if absent, and for writes.</param>
/// <param name="Key">The key that <see cref="ValueAction.PopLast"/> has removed; otherwise null.</param>
public sealed record ValueOutput(bool Succeeded, long? Value = null, string? Key = null);

/// <summary>The value in a history; a record, because the state of a model is compared by value.</summary>
public readonly record struct ValueHeld(long? Value);

/// <summary>A managed value, or one key of a managed dictionary.</summary>
/// <param name="initial">The value before the first operation; null for an absent key.</param>
public sealed class ValueModel(long? initial = null) : ISequentialModel<ValueHeld, ValueInput, ValueOutput>
{
    /// <inheritdoc/>
    public ValueHeld InitialState => new(initial);

    /// <inheritdoc/>
    public (ValueHeld Next, ValueOutput Output) ApplyOperation(ValueHeld state, ValueInput input) => input.Action switch
    {
        ValueAction.Read => (state, new ValueOutput(true, state.Value)),
        ValueAction.Write => (new ValueHeld(input.Argument), new ValueOutput(true)),
        ValueAction.Add when state.Value is null => (new ValueHeld(input.Argument), new ValueOutput(true)),
        ValueAction.Replace when state.Value == input.Expected => (new ValueHeld(input.Argument), new ValueOutput(true, state.Value)),
        ValueAction.Remove when state.Value is not null => (new ValueHeld(null), new ValueOutput(true, state.Value)),
        _ => (state, new ValueOutput(false, state.Value)),
    };
}
