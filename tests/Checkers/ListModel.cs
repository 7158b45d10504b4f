using System.Collections.Immutable;

namespace Actors.Checkers;

/// <summary>An operation on a list.</summary>
public enum ListAction
{
    /// <summary>Adds an item at the end.</summary>
    Append,

    /// <summary>Inserts an item at an index.</summary>
    Insert,

    /// <summary>Returns the item at an index.</summary>
    Read,

    /// <summary>Sets the item at an index.</summary>
    Write,

    /// <summary>Removes the item at an index and returns it.</summary>
    RemoveAt,

    /// <summary>Returns the number of items.</summary>
    Count,

    /// <summary>Sets the item at an index if it equals the expected one; otherwise returns it.</summary>
    Replace,

    /// <summary>Replaces a number of items, from an index, by one item.</summary>
    ReplaceRange,

    /// <summary>Reverses the items.</summary>
    Reverse,

    /// <summary>Returns the index of an item, searched from an index.</summary>
    IndexOf,
}

/// <summary>A call on a list.</summary>
/// <param name="Action">The operation.</param>
/// <param name="Index">The index.</param>
/// <param name="Item">The new or searched item.</param>
/// <param name="Other">
/// The item that <see cref="ListAction.Replace"/> expects, or the number of items for <see cref="ListAction.ReplaceRange"/>.
/// </param>
public sealed record ListInput(ListAction Action, int Index = 0, long Item = 0, long Other = 0);

/// <summary>The result of a call on a list.</summary>
/// <param name="Succeeded">Whether the index was in the list.</param>
/// <param name="Value">The item that was read or removed, the number of items, or the found index; otherwise 0.</param>
public sealed record ListOutput(bool Succeeded, long Value = 0);

/// <summary>The items of a list, compared by value.</summary>
public sealed class ListItems(ImmutableList<long> items) : IEquatable<ListItems>
{
    /// <summary>The items.</summary>
    public ImmutableList<long> Items => items;

    /// <inheritdoc/>
    public bool Equals(ListItems? other) => other is not null && items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ListItems);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in items)
            hash.Add(item);
        return hash.ToHashCode();
    }
}

/// <summary>A managed list.</summary>
public sealed class ListModel : ISequentialModel<ListItems, ListInput, ListOutput>
{
    /// <inheritdoc/>
    public ListItems InitialState { get; } = new([]);

    /// <inheritdoc/>
    public (ListItems Next, ListOutput Output) ApplyOperation(ListItems state, ListInput input)
    {
        var items = state.Items;
        var isInside = input.Index >= 0 && input.Index < items.Count;
        return input.Action switch
        {
            ListAction.Append => (new ListItems(items.Add(input.Item)), new ListOutput(true)),
            ListAction.Insert when isInside || input.Index == items.Count =>
                (new ListItems(items.Insert(input.Index, input.Item)), new ListOutput(true)),
            ListAction.Read when isInside => (state, new ListOutput(true, items[input.Index])),
            ListAction.Write when isInside => (new ListItems(items.SetItem(input.Index, input.Item)), new ListOutput(true)),
            ListAction.RemoveAt when isInside => (new ListItems(items.RemoveAt(input.Index)), new ListOutput(true, items[input.Index])),
            ListAction.Count => (state, new ListOutput(true, items.Count)),
            ListAction.Replace when isInside && items[input.Index] == input.Other =>
                (new ListItems(items.SetItem(input.Index, input.Item)), new ListOutput(true)),
            ListAction.Replace when isInside => (state, new ListOutput(false, items[input.Index])),
            ListAction.ReplaceRange when input.Index <= items.Count - input.Other => (
                new ListItems(items.RemoveRange(input.Index, (int)input.Other).Insert(input.Index, input.Item)), new ListOutput(true)),
            ListAction.Reverse => (new ListItems(items.Reverse()), new ListOutput(true)),
            ListAction.IndexOf when input.Index <= items.Count && items.IndexOf(input.Item, input.Index) is >= 0 and var index =>
                (state, new ListOutput(true, index)),
            _ => (state, new ListOutput(false)),
        };
    }
}
