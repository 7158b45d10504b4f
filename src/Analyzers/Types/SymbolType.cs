using Actors.Messages.Values;
using Microsoft.CodeAnalysis;

namespace Actors.Analyzers.Types;

/// <summary>A type of the compiled program as <see cref="TypeRules"/> sees it.</summary>
internal sealed class SymbolType(ITypeSymbol type) : ITypeView
{
    public TypeForm Form => type switch
    {
        _ when type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer => TypeForm.Address,
        _ when type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr => TypeForm.Address,
        _ when type.IsRefLikeType => TypeForm.StackOnly,
        _ when type.TypeKind == TypeKind.Array => TypeForm.Array,
        _ when type.TypeKind == TypeKind.Enum => TypeForm.Enum,
        _ when !type.IsAbstract && type.TypeKind != TypeKind.Interface => TypeForm.Concrete,
        _ when MemoryPackSymbols.GetCases(type).Any() => TypeForm.Union,
        _ => TypeForm.Abstract,
    };

    public string DefinitionName => type.TypeKind == TypeKind.Dynamic ? "System.Object" : GetDefinitionName(type.OriginalDefinition);

    public string FullName => GetFullName(type);

    public string AssemblyName => type.TypeKind == TypeKind.Dynamic ? "System" : type.ContainingAssembly?.Name ?? "";

    public ITypeView? BaseType => type.BaseType is { } level ? new SymbolType(level) : null;

    public IEnumerable<ITypeView> Interfaces => type.AllInterfaces.Select(implemented => new SymbolType(implemented));

    public (string Method, string Attribute)? Callback => MemoryPackSymbols.FindCallback(type);

    /// <summary>Gets the name of a definition as reflection writes it, with a plus before nested types.</summary>
    internal static string GetDefinitionName(ITypeSymbol definition) => definition.ContainingType is { } outer
        ? $"{GetDefinitionName(outer.OriginalDefinition)}+{definition.MetadataName}"
        : definition.ContainingNamespace is { IsGlobalNamespace: false } space
        ? $"{space.ToDisplayString()}.{definition.MetadataName}"
        : definition.MetadataName;

    /// <summary>Gets the name with namespace and type arguments, without keywords: <c>System.Int32</c>.</summary>
    internal static string GetFullName(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => $"{GetFullName(array.ElementType)}[{new string(',', array.Rank - 1)}]",
        IPointerTypeSymbol pointer => $"{GetFullName(pointer.PointedAtType)}*",
        _ when type.TypeKind == TypeKind.Dynamic => "System.Object",
        INamedTypeSymbol named => GetNameWithArguments(named),
        _ => type.ToDisplayString(),
    };

    /// <summary>Gets the name that starts a path of members: <c>Order</c>.</summary>
    internal static string GetShortName(ITypeSymbol type) => type is IArrayTypeSymbol array
        ? $"{GetShortName(array.ElementType)}[{new string(',', array.Rank - 1)}]"
        : type.Name;

    private static string GetNameWithArguments(INamedTypeSymbol type)
    {
        var outer = type.ContainingType is { } containing ? GetFullName(containing) + "."
            : type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "."
            : "";
        var arguments = type.TypeArguments.Length == 0 ? "" : $"<{string.Join(", ", type.TypeArguments.Select(GetFullName))}>";
        return $"{outer}{type.Name}{arguments}";
    }
}
