using System.Collections.Concurrent;
using System.Globalization;
using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Messages.Objects;

/// <summary>
/// Describes the type of a named object as the coordinator stores it: its name, and a hash over the fields of all types in it. Another
/// program may have a type of the same name in its own assembly. Both are the same type only if their fields are the same.
/// </summary>
public static class PublishedType
{
    private const string Separator = " #";

    private static readonly ConcurrentDictionary<Type, string> Known = new();

    /// <summary>Gets the stored form of a type.</summary>
    public static string ToPublishedName(Type type) => Known.GetOrAdd(type, static type =>
        string.Create(CultureInfo.InvariantCulture, $"{TypeNames.GetFullName(type)}{Separator}{TypeShape.ComputeHash(type):x16}"));

    /// <summary>Gets the type name in the stored form.</summary>
    public static string GetTypeName(string published) =>
        published.LastIndexOf(Separator, StringComparison.Ordinal) is >= 0 and var end ? published[..end] : published;

    /// <summary>Compares two stored types. Earlier versions stored only the name, which matches any fields.</summary>
    /// <returns>The difference as part of an error message; null if the types match.</returns>
    public static string? FindMismatch(string found, string asked)
    {
        if (found == asked)
            return null;
        var (foundName, askedName) = (GetTypeName(found), GetTypeName(asked));
        if (foundName != askedName)
            return $"a {foundName}, not a {askedName}.";
        return found == foundName || asked == askedName
            ? null
            : $"a {foundName} of another program, in which the type has other fields than here: "
                + "use the same types in both, for example from a shared library.";
    }

    /// <summary>Throws unless a stored type is a given type.</summary>
    /// <exception cref="InvalidCastException">The type has another name or other fields.</exception>
    public static void RequireType(string published, Type type, string name)
    {
        if (FindMismatch(published, ToPublishedName(type)) is { } mismatch)
            throw new InvalidCastException($"'{name}' is {mismatch}");
    }
}
