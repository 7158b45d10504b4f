namespace Actors.Messages.Values;

/// <summary>Carries a dictionary that is declared as a sequence of pairs. It finds pairs with the comparer of its keys.</summary>
/// <typeparam name="TPair">The type of an item.</typeparam>
public abstract class PairLookup<TPair>
{
    /// <summary>Null if the items are not pairs.</summary>
    public static readonly PairLookup<TPair>? Instance = CreateInstance();

    /// <summary>Finds the comparer; null for a list, or a dictionary with the default comparer or an unknown one.</summary>
    /// <exception cref="NotCarriedException">The comparer does not exist in every process.</exception>
    public abstract KeyComparer? FindKind(object collection, string location);

    /// <summary>Builds the dictionary.</summary>
    public abstract object BuildDictionary(TPair[] items, KeyComparer kind);

    private static PairLookup<TPair>? CreateInstance() =>
        typeof(TPair).IsGenericType && typeof(TPair).GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
        ? (PairLookup<TPair>)Activator.CreateInstance(
            typeof(DictionaryLookup<,>).MakeGenericType(typeof(TPair).GetGenericArguments()), nonPublic: true)!
        : null;
}

/// <inheritdoc/>
public sealed class DictionaryLookup<TKey, TValue> : PairLookup<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    public override KeyComparer? FindKind(object collection, string location) =>
        collection is IDictionary<TKey, TValue> or IReadOnlyDictionary<TKey, TValue>
        && CollectionComparers.FindKind<TKey>(collection, location) is { } kind and not KeyComparer.Default
            ? kind | KeyComparer.Pairs
            : null;

    public override object BuildDictionary(KeyValuePair<TKey, TValue>[] items, KeyComparer kind) =>
        KeyComparers.BuildDictionary(items, kind);
}
