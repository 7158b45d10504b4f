using System.Collections.Immutable;
using System.Reflection;
using MemoryPack;

namespace Actors.Messages.Values;

/// <summary>
/// The meaning of MemoryPack's attributes on a user's type. Such a type is encoded as every other one, by its fields. MemoryPack does not
/// read it: its reader trusts the lengths in the bytes, and nothing could check them first, because the layout of a user's type is not known.
/// </summary>
internal static class MemoryPackAttributes
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Callbacks =
    [
        typeof(MemoryPackOnSerializingAttribute), typeof(MemoryPackOnSerializedAttribute),
        typeof(MemoryPackOnDeserializingAttribute), typeof(MemoryPackOnDeserializedAttribute),
    ];

    /// <summary>Whether the attributes of a type's members count: it, or a base class, is marked <c>[MemoryPackable]</c>.</summary>
    internal static bool IsMarked(Type type) => GetLevels(type).Any(level => level.IsDefined(typeof(MemoryPackableAttribute), false));

    /// <summary>Whether a field, or the property that it stores, is marked <c>[MemoryPackIgnore]</c>.</summary>
    internal static bool IsIgnored(FieldInfo field) =>
        field.IsDefined(typeof(MemoryPackIgnoreAttribute)) || FindProperty(field)?.IsDefined(typeof(MemoryPackIgnoreAttribute)) == true;

    /// <summary>The types that a union names with <c>[MemoryPackUnion]</c>, in the order of their tags; empty for any other type.</summary>
    internal static ImmutableArray<Type> GetCases(Type type) => type.IsInterface || type.IsAbstract
        ? [.. type.GetCustomAttributes<MemoryPackUnionAttribute>(false).OrderBy(one => one.Tag).Select(one => CloseCaseType(type,
            one.Type))]
        : [];

    /// <summary>Why a marked type is refused; null when it is not. Without its callbacks a value is not what its author expects.</summary>
    internal static string? FindAdvice(Type type)
    {
        foreach (var method in IsMarked(type) ? GetLevels(type).SelectMany(level => level.GetMethods(Declared)) : [])
        {
            if (Callbacks.FirstOrDefault(callback => method.IsDefined(callback, false)) is { } callback)
            {
                return $"its method {method.Name} is marked [{callback.Name[..^nameof(Attribute).Length]}] and would not run; "
                    + "compute what it prepares when it is needed, or pass a type without it";
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
