using System.Collections.Concurrent;
using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>
/// Finds the comparer of a collection that is declared as an interface or is inside a read-only wrapper. The comparer decides the result of
/// lookups and the order. Collections of user types are examined for a property <c>Comparer</c> or <c>KeyComparer</c>.
/// </summary>
internal static class CollectionComparers
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly ConcurrentDictionary<(Type Collection, Type Key), PropertyInfo?> Known = new();

    /// <summary>Gets the comparer of a collection.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="location">The member that holds the collection, for error messages.</param>
    /// <exception cref="NotCarriedException">The comparer does not exist in every process.</exception>
    internal static KeyComparer GetKind<TKey>(object collection, string location)
    {
        var inner = UnwrapCollection(collection);
        if (Known.GetOrAdd((inner.GetType(), typeof(TKey)), static key => FindComparer(key.Collection, key.Key)) is not { } property)
            return KeyComparer.Default;
        var kind = KeyComparers.GetKind<TKey>(property.GetValue(inner), location);
        return property.PropertyType == typeof(IComparer<TKey>) ? kind | KeyComparer.Sorted : kind;
    }

    /// <summary>Whether a sequence finds its items with a comparer: a set, or the keys of a dictionary.</summary>
    internal static bool IsSet<T>(object collection) =>
        UnwrapCollection(collection) is ISet<T> or IReadOnlySet<T> || IsKeyCollection(collection.GetType());

    private static PropertyInfo? FindComparer(Type collection, Type key) => collection.GetProperties(Any).FirstOrDefault(property =>
        property is { Name: "Comparer" or "KeyComparer", CanRead: true } && property.GetIndexParameters().Length == 0
        && (property.PropertyType == typeof(IEqualityComparer<>).MakeGenericType(key)
            || property.PropertyType == typeof(IComparer<>).MakeGenericType(key)));

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
            return (
                type.GetField("_dictionary", Any) ?? type.GetField("_dict", Any) ?? type.GetField("_collection",
                    Any))?.GetValue(collection);
        }

        if (!type.IsGenericType || !FrameworkAssemblies.IsFrameworkType(type))
            return null;
        return type.GetGenericTypeDefinition().Name switch
        {
            "ReadOnlyDictionary`2" => type.GetProperty("Dictionary", Any)?.GetValue(collection),
            "ReadOnlySet`1" => type.GetProperty("Set", Any)?.GetValue(collection),
            _ => null,
        };
    }

    private static bool IsKeyCollection(Type type) =>
        type.IsNested && type.Name is "KeyCollection" or "KeyList" && FrameworkAssemblies.IsFrameworkType(type);
}
