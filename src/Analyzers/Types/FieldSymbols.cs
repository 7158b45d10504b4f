using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.Analyzers.Types;

/// <summary>Gets the fields of a user's type that travel, as <c>ReflectedFields</c> does by reflection.</summary>
internal static class FieldSymbols
{
    /// <summary>Gets the fields of a type of this program and of its base classes. Other assemblies hide their private fields.</summary>
    /// <param name="type">The class or struct.</param>
    /// <param name="honorsMemoryPack">Whether members with <c>[MemoryPackIgnore]</c> are left out.</param>
    internal static IEnumerable<TypePart> GetFields(ITypeSymbol type, bool honorsMemoryPack)
    {
        var inherited = type.BaseType is { } level ? GetFields(level, honorsMemoryPack) : [];
        return type.DeclaringSyntaxReferences.IsEmpty
            ? inherited
            : inherited.Concat(type.GetMembers().Where(member => !member.IsStatic).Select(member => FindField(member, honorsMemoryPack))
                .OfType<TypePart>());
    }

    /// <summary>Whether a property is stored in a field that the compiler makes. The fields of other assemblies are not known.</summary>
    internal static bool IsAutomatic(IPropertySymbol property) => property.ContainingType.GetMembers().OfType<IFieldSymbol>()
        .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static TypePart? FindField(ISymbol member, bool honorsMemoryPack) => member switch
    {
        IFieldSymbol field when !IsLeftOut(field) && !(honorsMemoryPack && MemoryPackSymbols.IsIgnored(field)) =>
            new TypePart($".{GetMemberName(field)}", field.Type),
        IEventSymbol { IsAbstract: false } one when HasField(one) => new TypePart($".{one.Name}", one.Type),
        _ => null,
    };

    /// <summary>Gets the name of a field, of its property, or of the primary constructor's parameter that it stores.</summary>
    private static string GetMemberName(IFieldSymbol field) => field.AssociatedSymbol?.Name
        ?? (field.Name.StartsWith("<", StringComparison.Ordinal) ? field.Name.Substring(1, field.Name.IndexOf('>') - 1) : field.Name);

    private static bool IsLeftOut(IFieldSymbol field) =>
        field.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == nameof(NonSerializedAttribute));

    /// <summary>
    /// Whether an event is stored in a field that travels. The compiler does not show this field, nor the attributes with <c>field:</c>.
    /// </summary>
    private static bool HasField(IEventSymbol one) =>
        one.DeclaringSyntaxReferences.Select(place => place.GetSyntax().Parent?.Parent).OfType<EventFieldDeclarationSyntax>()
            .Any(declaration => !declaration.AttributeLists.Where(list => list.Target?.Identifier.ValueText == "field")
                .SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString().Contains("NonSerialized")));
}
