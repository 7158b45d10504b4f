using System.Collections.Concurrent;
using Actors.Messages.Values;
using Microsoft.CodeAnalysis;

namespace Actors.Analyzers.Types;

/// <summary>
/// Searches a type for a part that cannot travel, as <c>TypeCheck</c> does when a job is submitted. Accepts a part that is not known: a
/// type parameter, a type with an error, the private fields of another assembly.
/// </summary>
internal sealed class TravelCheck
{
    private readonly ConcurrentDictionary<ITypeSymbol, string?> _known = new(SymbolEqualityComparer.Default);

    /// <summary>Explains why a type cannot travel, with the path to the refused member; null when none is known.</summary>
    internal string? FindRefusal(ITypeSymbol type) =>
        _known.GetOrAdd(type, static type => SearchGraph(type, SymbolType.GetShortName(type), 1, new(SymbolEqualityComparer.Default)));

    /// <summary>
    /// Explains why the object of an instance method or of <c>this</c> cannot travel; null when no reason is known. Its class may be
    /// derived from the declared one, so an abstract class is no reason.
    /// </summary>
    internal string? FindTargetRefusal(ITypeSymbol type)
    {
        if (!type.IsAbstract)
        {
            return FindRefusal(type);
        }

        return TypeParts.GetFields(type)
            .Select(field => SearchGraph(field.Type, type.Name + field.Label, 2, new(SymbolEqualityComparer.Default)))
            .FirstOrDefault(refusal => refusal is not null);
    }

    private static string? SearchGraph(ITypeSymbol type, string path, int depth, HashSet<ITypeSymbol> seen)
    {
        if (type.TypeKind is TypeKind.TypeParameter or TypeKind.Error || !seen.Add(type) || IsCarried(type))
        {
            return null;
        }

        if (FindAdvice(type, depth) is { } advice)
        {
            return TypeRules.FormatRefusal(depth == 1 ? null : path, SymbolType.GetFullName(type), advice);
        }

        return TypeParts.GetParts(type).Select(part => SearchGraph(part.Type, path + part.Label, depth + 1, seen))
            .FirstOrDefault(refusal => refusal is not null);
    }

    private static string? FindAdvice(ITypeSymbol type, int depth)
    {
        if (depth > TypeRules.MaxDepth + 1)
        {
            return TypeRules.GrowsWithoutEnd;
        }

        var view = new SymbolType(type);
        return TypeRules.FindAdvice(view)
            ?? (AssemblyNames.IsLibrary(view.AssemblyName) ? TypeAdvice.FindAdvice(view) : null)
            ?? (TypeParts.HasFixedStorage(type) ? TypeRules.FixedStorage : null);
    }

    /// <summary>Whether a class of this library writes itself, such as the proxies of managed objects.</summary>
    private static bool IsCarried(ITypeSymbol type) => type.AllInterfaces.Any(one =>
        one.Name == "ICarried" && one.TypeArguments.Length == 1 && SymbolEqualityComparer.Default.Equals(one.TypeArguments[0], type));
}
