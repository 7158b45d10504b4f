using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.Analyzers.Jobs;

/// <summary>Finds the functions of a program that assign a static field or property. Its initializer is none of them.</summary>
internal sealed class StaticWrites(Compilation compilation)
{
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<ISymbol>> _known = new(SymbolEqualityComparer.Default);
    private readonly Lazy<IMethodSymbol?> _main = new(() => compilation.GetEntryPoint(CancellationToken.None));

    /// <summary>
    /// Whether a static has assignments, and all of them are in <c>Main</c> or in the given member, outside of lambdas and local functions.
    /// Workers do not run these.
    /// </summary>
    internal bool IsAssignedOnlyIn(ISymbol field, ISymbol member)
    {
        if (IsAssignedByOthers(field))
        {
            return false;
        }

        var writers = _known.GetOrAdd(field, one => [.. compilation.SyntaxTrees.SelectMany(tree => FindWriters(one, tree))]);
        return !writers.IsEmpty && writers.All(
            writer => SymbolEqualityComparer.Default.Equals(writer, member) || SymbolEqualityComparer.Default.Equals(writer, _main.Value));
    }

    private bool IsAssignedByOthers(ISymbol field) => compilation.Options.OutputKind == OutputKind.DynamicallyLinkedLibrary
        && field.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private IEnumerable<ISymbol> FindWriters(ISymbol field, SyntaxTree tree)
    {
        var names = tree.GetRoot().DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == field.Name).ToList();
        if (names.Count == 0)
        {
            yield break;
        }

        // Only for a static that a job reads, and once for each: no analysis of the whole program would be cheaper.
#pragma warning disable RS1030
        var model = compilation.GetSemanticModel(tree);
#pragma warning restore RS1030
        foreach (var name in names)
        {
            SyntaxNode reference = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
            if (SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(reference).Symbol, field)
                && model.GetOperation(reference) is { } operation && Writes.IsWritten(operation)
                && model.GetEnclosingSymbol(name.SpanStart) is { } writer)
            {
                yield return writer;
            }
        }
    }
}
