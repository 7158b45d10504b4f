using System.Collections.Frozen;
using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>The captured variables that a function uses. Instances are compared by reference; each function has one.</summary>
/// <param name="used">The metadata tokens of their fields, all in one module; null for all variables.</param>
public sealed class CapturedFields(FrozenSet<int>? used)
{
    /// <summary>All captured variables.</summary>
    public static readonly CapturedFields All = new(null);

    /// <summary>Whether a field of a closure is among them.</summary>
    public bool Contains(FieldInfo field) => used is null || used.Contains(field.MetadataToken);
}
