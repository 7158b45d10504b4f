namespace Actors.Messages.Collections;

/// <summary>A set of values for each key. A key without values has no entry. Not thread-safe.</summary>
public sealed class MultiMap<TKey, TValue>
    where TKey : notnull
{
    private readonly Dictionary<TKey, HashSet<TValue>> _sets = [];

    /// <summary>Gets the values of a key. The collection changes with the map.</summary>
    public IReadOnlyCollection<TValue> this[TKey key] => _sets.TryGetValue(key, out var values) ? values : [];

    /// <summary>Adds a value to a key.</summary>
    /// <returns>False if the key has the value already.</returns>
    public bool Add(TKey key, TValue value)
    {
        if (!_sets.TryGetValue(key, out var values))
            _sets[key] = values = [];
        return values.Add(value);
    }

    /// <summary>Removes a value from a key.</summary>
    /// <returns>False if the key does not have the value.</returns>
    public bool Remove(TKey key, TValue value)
    {
        if (!_sets.TryGetValue(key, out var values) || !values.Remove(value))
            return false;
        if (values.Count == 0)
            _sets.Remove(key);
        return true;
    }

    /// <summary>Removes a key with its values.</summary>
    /// <returns>The values.</returns>
    public IReadOnlyCollection<TValue> RemoveKey(TKey key) => _sets.Remove(key, out var values) ? values : [];
}
