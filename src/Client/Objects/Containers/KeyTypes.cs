using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Messages.Values;

namespace Actors.Objects.Containers;

/// <summary>Which types can be keys: those of which equal values are always written alike, for the coordinator compares what is written.</summary>
internal static class KeyTypes
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConcurrentDictionary<Type, string?> Refusals = new();

    /// <exception cref="ArgumentException">The type cannot be a key.</exception>
    public static void Require(Type type)
    {
        if (Refusals.GetOrAdd(type, static type => RefusalOf(type, 0)) is { } refusal)
            throw new ArgumentException($"{TypeNames.Of(type)} cannot be the key of a managed dictionary: {refusal}");
    }

    private static string? RefusalOf(Type type, int depth)
    {
        if (type.IsPrimitive || type.IsEnum)
        {
            return type == typeof(float) || type == typeof(double)
                ? "0.0 and -0.0 are equal and written differently; take a whole number or text."
                : null;
        }

        if (type == typeof(string) || type == typeof(Guid) || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(TimeSpan))
            return null;
        if (type == typeof(decimal) || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(Half))
            return $"equal values of {TypeNames.Of(type)} can be written differently (1.0 and 1.00, local and universal time); take a whole number or text.";
        if (type == typeof(BigInteger))
            return null;
        if (type == typeof(Uri) || type == typeof(CultureInfo) || type == typeof(TimeZoneInfo))
        {
            var text = type == typeof(Uri) ? nameof(Uri.AbsoluteUri) : type == typeof(CultureInfo) ? nameof(CultureInfo.Name) : nameof(TimeZoneInfo.Id);
            return $"equal values of {TypeNames.Of(type)} can be written differently; take its text, such as {text}.";
        }

        if (type.IsArray || type.IsAssignableTo(typeof(System.Collections.IEnumerable)))
            return "it is a collection; take a tuple or text.";
        if (HasEqualsOfItsOwn(type))
        {
            return $"{TypeNames.Of(type)} has an Equals of its own, so that equal values can be written differently; "
                + "take a record or tuple whose equality is that of its parts.";
        }

        if (depth > 8)
            return "it is nested too deep.";
        if (type == typeof(object) || type.IsInterface || type.IsAbstract)
            return $"{TypeNames.Of(type)} does not say what its values are; take a type that does.";
        return PartsOf(type).Select(part => RefusalOf(part, depth + 1)).FirstOrDefault(refusal => refusal is not null);
    }

    /// <summary>The coordinator compares what is written, and knows no Equals but that of the compiler, which compares the parts.</summary>
    private static bool HasEqualsOfItsOwn(Type type)
    {
        for (var level = type; level is not null && !FrameworkAssemblies.Holds(level); level = level.BaseType)
        {
            if (!level.IsDefined(typeof(CompilerGeneratedAttribute)) && level.GetMethods(Declared).Any(IsEqualsOfTheUsers))
                return true;
        }

        return false;
    }

    private static bool IsEqualsOfTheUsers(MethodInfo method) =>
        method.Name == nameof(Equals) && method.ReturnType == typeof(bool) && !method.IsDefined(typeof(CompilerGeneratedAttribute));

    // Tuples, records and the like: equal when their parts are, those of their base types too.
    private static IEnumerable<Type> PartsOf(Type type)
    {
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            foreach (var field in level.GetFields(Declared))
                yield return field.FieldType;
        }
    }
}
