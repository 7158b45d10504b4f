using System.Collections.Immutable;

namespace Actors.Checkers;

/// <summary>A key of a dictionary and its value.</summary>
public readonly record struct DictionaryEntry(string Key, long Value);

/// <summary>The entries of a dictionary, in the order in which their keys were added; compared by value.</summary>
public sealed class DictionaryEntries(ImmutableList<DictionaryEntry> all) : IEquatable<DictionaryEntries>
{
    /// <summary>The entries.</summary>
    public ImmutableList<DictionaryEntry> All => all;

    /// <inheritdoc/>
    public bool Equals(DictionaryEntries? other) => other is not null && all.SequenceEqual(other.All);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DictionaryEntries);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var entry in all)
            hash.Add(entry);
        return hash.ToHashCode();
    }
}

/// <summary>A managed dictionary. Each of its keys behaves as a <see cref="ValueModel"/>.</summary>
public sealed class DictionaryModel : ISequentialModel<DictionaryEntries, ValueInput, ValueOutput>
{
    private readonly ValueModel _key = new();

    /// <inheritdoc/>
    public DictionaryEntries InitialState { get; } = new([]);

    /// <inheritdoc/>
    public (DictionaryEntries Next, ValueOutput Output) ApplyOperation(DictionaryEntries state, ValueInput input) => input.Action switch
    {
        ValueAction.Clear => (InitialState, new ValueOutput(true)),
        ValueAction.PopLast when state.All.IsEmpty => (state, new ValueOutput(false)),
        ValueAction.PopLast => (
            new DictionaryEntries(state.All.RemoveAt(state.All.Count - 1)), new ValueOutput(true, state.All[^1].Value, state.All[^1].Key)),
        _ => ApplyToKey(state, input),
    };

    private (DictionaryEntries Next, ValueOutput Output) ApplyToKey(DictionaryEntries state, ValueInput input)
    {
        var index = state.All.FindIndex(entry => entry.Key == input.Key);
        var (next, output) = _key.ApplyOperation(new ValueHeld(index < 0 ? null : state.All[index].Value), input);
        var entries = (index, next.Value) switch
        {
            ( < 0, null) => state.All,
            ( < 0, { } added) => state.All.Add(new DictionaryEntry(input.Key!, added)),
            (_, null) => state.All.RemoveAt(index),
            (_, { } changed) => state.All.SetItem(index, new DictionaryEntry(input.Key!, changed)),
        };
        return (new DictionaryEntries(entries), output);
    }
}
