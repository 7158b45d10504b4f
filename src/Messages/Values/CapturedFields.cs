using System.Collections.Frozen;
using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>Which variables of its closures a function uses. Compared by reference: one a function.</summary>
/// <param name="used">The metadata tokens of the fields, all of one module; null for every field.</param>
internal sealed class CapturedFields(FrozenSet<int>? used)
{
    /// <summary>Every variable of the scope.</summary>
    internal static readonly CapturedFields All = new(null);

    /// <summary>Whether a closure's field is among them.</summary>
    internal bool Contains(FieldInfo field) => used is null || used.Contains(field.MetadataToken);
}
