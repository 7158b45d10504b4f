using Microsoft.CodeAnalysis;

namespace Actors.Analyzers.Types;

/// <summary>Reads MemoryPack's attributes from symbols, as <c>MemoryPackAttributes</c> does from types.</summary>
internal static class MemoryPackSymbols
{
    private const string Space = "MemoryPack";

    private static readonly HashSet<string> Callbacks =
        ["MemoryPackOnSerializing", "MemoryPackOnSerialized", "MemoryPackOnDeserializing", "MemoryPackOnDeserialized"];

    /// <summary>Whether a type or one of its base classes is marked <c>[MemoryPackable]</c>.</summary>
    internal static bool IsMarked(ITypeSymbol type) => GetLevels(type).Any(level => HasAttribute(level, "MemoryPackable"));

    /// <summary>Whether a field, or its property, is marked <c>[MemoryPackIgnore]</c>.</summary>
    internal static bool IsIgnored(IFieldSymbol field) =>
        HasAttribute(field, "MemoryPackIgnore") || (field.AssociatedSymbol is { } property && HasAttribute(property, "MemoryPackIgnore"));

    /// <summary>Gets the types that <c>[MemoryPackUnion]</c> names.</summary>
    internal static IEnumerable<ITypeSymbol> GetCases(ITypeSymbol type) =>
        from attribute in type.GetAttributes()
        where GetName(attribute) == "MemoryPackUnion" && attribute.ConstructorArguments.Length == 2
        let named = attribute.ConstructorArguments[1].Value as INamedTypeSymbol
        where named is not null
        select named.IsUnboundGenericType && type is INamedTypeSymbol { TypeArguments: var arguments }
            ? named.OriginalDefinition.Construct([.. arguments])
            : named;

    /// <summary>Gets a method of a marked type that MemoryPack would call, and the name of its attribute; null if there is none.</summary>
    internal static (string Method, string Attribute)? FindCallback(ITypeSymbol type)
    {
        foreach (var method in IsMarked(type) ? GetLevels(type).SelectMany(level => level.GetMembers().OfType<IMethodSymbol>()) : [])
        {
            if (method.GetAttributes().Select(GetName).FirstOrDefault(name => name is not null && Callbacks.Contains(name)) is { } callback)
            {
                return (method.Name, callback);
            }
        }

        return null;
    }

    private static bool HasAttribute(ISymbol symbol, string name) => symbol.GetAttributes().Any(attribute => GetName(attribute) == name);

    private static string? GetName(AttributeData attribute) =>
        attribute.AttributeClass is { ContainingNamespace.Name: Space } type && type.Name.EndsWith("Attribute", StringComparison.Ordinal)
            ? type.Name.Substring(0, type.Name.Length - "Attribute".Length)
            : null;

    private static IEnumerable<ITypeSymbol> GetLevels(ITypeSymbol type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            yield return level;
        }
    }
}
