using Microsoft.CodeAnalysis;

namespace Actors.Analyzers.Types;

/// <summary>A part of a type that travels with it.</summary>
/// <param name="label">The label of the part in a path of members.</param>
/// <param name="type">The type of the part.</param>
internal readonly struct TypePart(string label, ITypeSymbol type)
{
    /// <summary>Gets the label of the part in a path of members.</summary>
    public string Label { get; } = label;

    /// <summary>Gets the type of the part.</summary>
    public ITypeSymbol Type { get; } = type;
}
