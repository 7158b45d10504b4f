using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers;

/// <summary>Reports job names that opening a durable pool would refuse: repeated ones, and those of instance and generic methods.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class JobNameAnalyzer : LibraryAnalyzer
{
    private const int LongestName = 200;

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.JobName];

    private protected override void RegisterActions(CompilationStartAnalysisContext context, Library library)
    {
        if (context.Compilation.GetTypeByMetadataName("Actors.JobAttribute") is not { } attribute)
        {
            return;
        }

        var named = new ConcurrentBag<(string Name, IMethodSymbol Method)>();
        context.RegisterSymbolAction(symbol => AddName((IMethodSymbol)symbol.Symbol, attribute, named), SymbolKind.Method);
        context.RegisterOperationAction(
            local => AddName(((ILocalFunctionOperation)local.Operation).Symbol, attribute, named), OperationKind.LocalFunction);
        context.RegisterCompilationEndAction(end =>
        {
            foreach (var methods in named.GroupBy(method => method.Name))
            {
                ReportNames([.. methods.Select(method => method.Method)], methods.Key, end.ReportDiagnostic);
            }
        });
    }

    private static void AddName(IMethodSymbol method, INamedTypeSymbol attribute, ConcurrentBag<(string Name, IMethodSymbol Method)> named)
    {
        var data = method.GetAttributes().FirstOrDefault(
            data => SymbolEqualityComparer.Default.Equals(data.AttributeClass, attribute));
        if (data?.ConstructorArguments.FirstOrDefault().Value is string name)
        {
            named.Add((name, method));
        }
    }

    private static void ReportNames(List<IMethodSymbol> methods, string name, Action<Diagnostic> report)
    {
        var inOrder = methods.OrderBy(method => method.Locations[0].SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(method => method.Locations[0].SourceSpan.Start).ToList();
        foreach (var method in inOrder)
        {
            var isFirst = SymbolEqualityComparer.Default.Equals(method, inOrder[0]);
            var reason = FindRefusal(method, name) ?? (isFirst ? null : $"also belongs to {inOrder[0].Name}; use another name");
            if (reason is not null)
            {
                report(Diagnostic.Create(Descriptors.JobName, method.Locations[0], name, reason));
            }
        }
    }

    private static string? FindRefusal(IMethodSymbol method, string name) => method switch
    {
        _ when name.Length is 0 or > LongestName => $"has {name.Length} characters; use from 1 to {LongestName}",
        { IsStatic: false } => "belongs to a method that is not static",
        { IsGenericMethod: true } or { ContainingType.IsGenericType: true } => "belongs to a generic method",
        _ => null,
    };
}
