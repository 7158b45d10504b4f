using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Messages.Values;

namespace Actors.Objects.Containers;

/// <summary>
/// Decides which types can be keys. Equal values of a key type must always be serialized identically, because the coordinator compares
/// serialized keys.
/// </summary>
internal static class KeyTypes
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly HashSet<Type> Exact =
        [typeof(string), typeof(Guid), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(BigInteger)];

    private static readonly ConcurrentDictionary<Type, string?> Refusals = new();

    /// <exception cref="ArgumentException">The type cannot be a key.</exception>
    public static void RequireKeyType(Type type)
    {
        if (Refusals.GetOrAdd(type, static type => RefusalOf(type, 0)) is { } refusal)
            throw new ArgumentException($"{TypeNames.GetFullName(type)} cannot be the key of a managed dictionary: {refusal}");
    }

    private static string? RefusalOf(Type type, int depth)
    {
        if (type.IsPrimitive || type.IsEnum)
        {
            return type == typeof(float) || type == typeof(double)
                ? "0.0 and -0.0 are equal but serialized differently; use an integer or a string."
                : null;
        }

        if (Exact.Contains(type))
            return null;
        if (type == typeof(decimal) || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(Half))
        {
            return $"equal values of {TypeNames.GetFullName(type)} can be serialized differently (1.0 and 1.00, local and universal time); "
                + "use an "
                + "integer or a string.";
        }

        if (type == typeof(Uri) || type == typeof(CultureInfo) || type == typeof(TimeZoneInfo))
        {
            var text = type == typeof(Uri) ? nameof(Uri.AbsoluteUri)
                : type == typeof(CultureInfo) ? nameof(CultureInfo.Name)
                : nameof(TimeZoneInfo.Id);
            return $"equal values of {TypeNames.GetFullName(type)} can be serialized differently; use its text, such as {text}.";
        }

        if (type.IsArray || type.IsAssignableTo(typeof(System.Collections.IEnumerable)))
            return "it is a collection; use a tuple or a string.";
        if (HasEqualsOfItsOwn(type))
        {
            return $"{TypeNames.GetFullName(type)} has its own Equals, so equal values can be serialized differently; "
                + "use a record or tuple whose equality is that of its parts.";
        }

        if (depth > 8)
            return "it is nested more than 8 levels deep; use a flatter type.";
        if (type == typeof(object) || type.IsInterface || type.IsAbstract)
            return $"{TypeNames.GetFullName(type)} does not define its values; use a concrete type.";
        return PartsOf(type).Select(part => RefusalOf(part, depth + 1)).FirstOrDefault(refusal => refusal is not null);
    }

    /// <summary>
    /// Whether the type defines its own Equals. The coordinator compares serialized values, which matches only the compiler's Equals.
    /// </summary>
    private static bool HasEqualsOfItsOwn(Type type)
    {
        for (var level = type; level is not null && !FrameworkAssemblies.IsFrameworkType(level); level = level.BaseType)
        {
            if (!level.IsDefined(typeof(CompilerGeneratedAttribute)) && level.GetMethods(Declared).Any(IsEqualsOfTheUsers))
                return true;
        }

        return false;
    }

    private static bool IsEqualsOfTheUsers(MethodInfo method) =>
        method.Name == nameof(Equals) && method.ReturnType == typeof(bool) && !method.IsDefined(typeof(CompilerGeneratedAttribute));

    // Tuples, records and similar types are equal when their parts are, including those of base types.
    private static IEnumerable<Type> PartsOf(Type type)
    {
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            foreach (var field in level.GetFields(Declared))
                yield return field.FieldType;
        }
    }
}
