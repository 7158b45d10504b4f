using System.Globalization;
using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Objects;

/// <summary>
/// The type of a named object, as the coordinator keeps it: its name, and a hash over the fields of all types in it. Another program may have a type
/// of the same name in an assembly of its own; objects of it are the same only if its fields are.
/// </summary>
internal static class PublishedType
{
    private const string Separator = " #";

    /// <summary>The form that is kept.</summary>
    internal static string Of(Type type) => string.Create(CultureInfo.InvariantCulture, $"{TypeNames.Of(type)}{Separator}{TypeShape.HashOf(type):x16}");

    /// <summary>The name, for people.</summary>
    internal static string NameIn(string published) =>
        published.LastIndexOf(Separator, StringComparison.Ordinal) is >= 0 and var end ? published[..end] : published;

    /// <summary>Throws unless an object that was published so is of this type.</summary>
    /// <exception cref="InvalidCastException">It is of another type, or of one of the same name with other fields.</exception>
    internal static void Require(string published, Type type, string name)
    {
        var found = NameIn(published);
        if (found != TypeNames.Of(type))
            throw new InvalidCastException($"'{name}' is a {found}, not a {TypeNames.Of(type)}.");
        // What an earlier version has published has no hash.
        if (published != found && published != Of(type))
        {
            throw new InvalidCastException(
                $"'{name}' is a {found} of another program, in which the type has other fields than here: "
                + "use the same types in both, for example from a shared library.");
        }
    }
}
