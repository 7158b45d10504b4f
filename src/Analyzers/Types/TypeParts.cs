using Actors.Messages.Values;
using Microsoft.CodeAnalysis;

namespace Actors.Analyzers.Types;

/// <summary>
/// Finds the parts of a type that travel with it. The fields of classes of other assemblies are private and not known here; the check at
/// run time sees them.
/// </summary>
internal static class TypeParts
{
    /// <summary>Gets the parts of an accepted type.</summary>
    internal static IEnumerable<TypePart> GetParts(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => [new TypePart("[]", array.ElementType)],
        INamedTypeSymbol named when TypeRules.IsKnown(new SymbolType(type)) => GetArguments(named),
        INamedTypeSymbol { IsAbstract: true } => MemoryPackSymbols.GetCases(type).Select(one => new TypePart($" ({one.Name})", one)),
        _ => GetFields(type),
    };

    /// <summary>Gets the fields of a class or struct of this program that travel, with those of its base classes.</summary>
    internal static IEnumerable<TypePart> GetFields(ITypeSymbol type) => FieldSymbols.GetFields(type, MemoryPackSymbols.IsMarked(type));

    /// <summary>Whether a type has storage of a fixed size inside, which cannot be copied by fields.</summary>
    internal static bool HasFixedStorage(ITypeSymbol type) =>
        type.GetMembers().Any(member => member is IFieldSymbol { IsFixedSizeBuffer: true })
        || type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "InlineArrayAttribute");

    private static IEnumerable<TypePart> GetArguments(INamedTypeSymbol type)
    {
        var isSequence = type.AllInterfaces.Append(type).Any(one => one.SpecialType == SpecialType.System_Collections_IEnumerable);
        return type.TypeArguments.Select((argument, index) => new TypePart(isSequence ? "[]" : GetTupleLabel(type, index), argument));
    }

    /// <summary>Gets the label of a tuple's field. Short value tuples are written like other generic types.</summary>
    private static string GetTupleLabel(INamedTypeSymbol type, int index) => type.Name switch
    {
        "Tuple" => index == 7 ? ".m_Rest" : $".m_Item{index + 1}",
        "ValueTuple" when type.TypeArguments.Length is 1 or > 4 => index == 7 ? ".Rest" : $".Item{index + 1}",
        _ => "",
    };
}
