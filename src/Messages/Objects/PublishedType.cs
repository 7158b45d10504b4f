using System.Collections.Concurrent;
using System.Globalization;
using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Messages.Objects;

/// <summary>
/// The type of a named object, as the coordinator keeps it: its name, and a hash over the fields of all types in it. Another program may have a type
/// of the same name in an assembly of its own; objects of it are the same only if its fields are.
/// </summary>
internal static class PublishedType
{
    private const string Separator = " #";

    private static readonly ConcurrentDictionary<Type, string> Known = new();

    /// <summary>The form that is kept.</summary>
    internal static string ToPublishedName(Type type) => Known.GetOrAdd(type, static type =>
        string.Create(CultureInfo.InvariantCulture, $"{TypeNames.GetFullName(type)}{Separator}{TypeShape.ComputeHash(type):x16}"));

    /// <summary>The name, for people.</summary>
    internal static string GetTypeName(string published) =>
        published.LastIndexOf(Separator, StringComparison.Ordinal) is >= 0 and var end ? published[..end] : published;

    /// <summary>Compares two types as they are kept. The form that earlier versions keep is the name alone: it agrees with any fields.</summary>
    /// <returns>Why an object of the one is not an object of the other; null when it is.</returns>
    internal static string? FindMismatch(string found, string asked)
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

    /// <summary>Throws unless an object that was published so is of this type.</summary>
    /// <exception cref="InvalidCastException">It is of another type, or of one of the same name with other fields.</exception>
    internal static void RequireType(string published, Type type, string name)
    {
        if (FindMismatch(published, ToPublishedName(type)) is { } mismatch)
            throw new InvalidCastException($"'{name}' is {mismatch}");
    }
}
