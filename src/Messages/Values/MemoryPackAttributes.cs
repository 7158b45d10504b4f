using System.Collections.Immutable;
using System.Reflection;
using MemoryPack;

namespace Actors.Messages.Values;

/// <summary>
/// Interprets MemoryPack's attributes on user types. Such types are encoded like all others, by their fields. MemoryPack does not read
/// them: its reader trusts the lengths in the bytes, and without the layout of a user type they cannot be checked first.
/// </summary>
public static class MemoryPackAttributes
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Callbacks =
    [
        typeof(MemoryPackOnSerializingAttribute), typeof(MemoryPackOnSerializedAttribute),
        typeof(MemoryPackOnDeserializingAttribute), typeof(MemoryPackOnDeserializedAttribute),
    ];

    /// <summary>
    /// Whether a type or one of its base classes is marked <c>[MemoryPackable]</c>. Only then do the attributes of its members apply.
    /// </summary>
    public static bool IsMarked(Type type) => GetLevels(type).Any(level => level.IsDefined(typeof(MemoryPackableAttribute), false));

    /// <summary>Whether a field, or its property, is marked <c>[MemoryPackIgnore]</c>.</summary>
    public static bool IsIgnored(FieldInfo field) =>
        field.IsDefined(typeof(MemoryPackIgnoreAttribute)) || FindProperty(field)?.IsDefined(typeof(MemoryPackIgnoreAttribute)) == true;

    /// <summary>Gets the types that <c>[MemoryPackUnion]</c> names, in the order of their tags; empty for other types.</summary>
    public static ImmutableArray<Type> GetCases(Type type) => type.IsInterface || type.IsAbstract
        ? [.. type.GetCustomAttributes<MemoryPackUnionAttribute>(false).OrderBy(one => one.Tag).Select(one => CloseCaseType(type,
            one.Type))]
        : [];

    /// <summary>
    /// Gets a method of a marked type that MemoryPack would call, and the name of its attribute; null if there is none. Callbacks would not
    /// run, so types with callbacks are refused.
    /// </summary>
    public static (string Method, string Attribute)? FindCallback(Type type)
    {
        foreach (var method in IsMarked(type) ? GetLevels(type).SelectMany(level => level.GetMethods(Declared)) : [])
        {
            if (Callbacks.FirstOrDefault(callback => method.IsDefined(callback, false)) is { } callback)
            {
                return (method.Name, callback.Name[..^nameof(Attribute).Length]);
            }
        }

        return null;
    }

    private static IEnumerable<Type> GetLevels(Type type)
    {
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            yield return level;
        }
    }

    private static PropertyInfo? FindProperty(FieldInfo field) => field.Name.EndsWith(">k__BackingField", StringComparison.Ordinal)
        ? field.DeclaringType!.GetProperty(TypeNames.GetMemberName(field.Name), Declared)
        : null;

    private static Type CloseCaseType(Type union, Type named) =>
        named.IsGenericTypeDefinition ? named.MakeGenericType(union.GetGenericArguments()) : named;
}
