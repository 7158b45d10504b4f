using System.Collections.Concurrent;
using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>
/// Finds the comparer of a collection that is declared as an interface or is inside a read-only wrapper. The comparer decides the result of
/// lookups and the order. Collections of user types are examined for a property <c>Comparer</c> or <c>KeyComparer</c>.
/// </summary>
public static class CollectionComparers
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly ConcurrentDictionary<(Type Collection, Type Key), PropertyInfo?> Known = new();

    /// <summary>Gets the comparer of a set or a dictionary.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="location">The member that holds the collection, for error messages.</param>
    /// <exception cref="NotCarriedException">The comparer is unknown, or does not exist in every process.</exception>
    public static KeyComparer GetKind<TKey>(object collection, string location) =>
        FindKind<TKey>(collection, location) ?? throw new NotCarriedException(
            $"{location} cannot be carried to another process: a {TypeNames.GetFullName(UnwrapCollection(collection).GetType())} finds its "
            + "keys in its own way, with an unknown comparer. Pass a Dictionary or a HashSet with that comparer, or add a property named "
            + $"Comparer of type IEqualityComparer<{TypeNames.GetShortName(typeof(TKey))}> to the class.");

    /// <summary>Finds the comparer of a set or a dictionary; null if it is unknown.</summary>
    /// <exception cref="NotCarriedException">The comparer does not exist in every process.</exception>
    public static KeyComparer? FindKind<TKey>(object collection, string location)
    {
        var inner = UnwrapCollection(collection);
        var type = inner.GetType();
        if (Known.GetOrAdd((type, typeof(TKey)), static key => FindComparer(key.Collection, key.Key)) is not { } property)
            return type.Assembly.GetName().Name == AssemblyNames.FSharp ? KeyComparer.Default : null;
        var kind = KeyComparers.GetKind<TKey>(property.GetValue(inner), location);
        return property.PropertyType == typeof(IComparer<TKey>) ? kind | KeyComparer.Sorted : kind;
    }

    /// <summary>
    /// Finds the comparer of a collection that is declared as a sequence. Null for a list, which compares its items in the default way.
    /// </summary>
    /// <exception cref="NotCarriedException">The comparer of a set is unknown, or does not exist in every process.</exception>
    public static KeyComparer? FindKindOfSequence<T>(IEnumerable<T> collection, string location) => collection switch
    {
        T[] or List<T> => null,
        _ when IsSet<T>(collection) => GetKind<T>(collection, location),
        _ => PairLookup<T>.Instance?.FindKind(collection, location),
    };

    /// <summary>Whether a sequence finds its items with a comparer: a set, or the keys of a dictionary.</summary>
    private static bool IsSet<T>(object collection) =>
        UnwrapCollection(collection) is ISet<T> or IReadOnlySet<T> || IsKeyCollection(collection.GetType());

    private static PropertyInfo? FindComparer(Type collection, Type key) => collection.GetProperties(Any).FirstOrDefault(property =>
        property is { Name: "Comparer" or "KeyComparer", CanRead: true } && property.GetIndexParameters().Length == 0
        && (property.PropertyType.IsAssignableTo(typeof(IEqualityComparer<>).MakeGenericType(key))
            || property.PropertyType.IsAssignableTo(typeof(IComparer<>).MakeGenericType(key))));

    /// <summary>Gets the collection behind read-only wrappers and views.</summary>
    private static object UnwrapCollection(object collection)
    {
        while (GetInner(collection) is { } inner)
            collection = inner;
        return collection;
    }

    private static object? GetInner(object collection)
    {
        var type = collection.GetType();
        if (IsKeyCollection(type))
        {
            return type.GetProperty("Dictionary", Any)?.GetValue(collection) ?? (
                type.GetField("_dictionary", Any) ?? type.GetField("_dict", Any) ?? type.GetField("_collection",
                    Any))?.GetValue(collection);
        }

        // A class of the user may derive from a wrapper.
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (FindContent(level) is { } content)
                return content.GetValue(collection);
        }

        return null;
    }

    private static PropertyInfo? FindContent(Type type) => !type.IsGenericType || !FrameworkAssemblies.IsFrameworkType(type)
        ? null
        : type.GetGenericTypeDefinition().Name switch
        {
            "ReadOnlyDictionary`2" => type.GetProperty("Dictionary", Any),
            "ReadOnlySet`1" => type.GetProperty("Set", Any),
            "ReadOnlyCollection`1" or "Collection`1" => type.GetProperty("Items", Any),
            _ => null,
        };

    private static bool IsKeyCollection(Type type) =>
        (type is { IsNested: true, Name: "KeyCollection" or "KeyList" } || type.Name == "KeysCollectionAccessor`2")
        && FrameworkAssemblies.IsFrameworkType(type);
}
