using System.Collections.Immutable;
using Actors.Analyzers.Jobs;
using Actors.Analyzers.Types;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers;

/// <summary>Reports statics that a job reads and only the client assigns. A worker runs their initializers alone.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StaticAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.AssignedStatic];

    private protected override void AnalyzeJob(JobFunction job, Library library, Action<Diagnostic> report)
    {
        // A test pool may run jobs in the process of the test.
        if (library.HasTestPools)
        {
            return;
        }

        var code = JobCode.FindCode(job)?.Operations ?? FindBody(job, library);
        var uses = code.Where(operation => FindStatic(operation) is not null).ToLookup(
            operation => FindStatic(operation)!, SymbolEqualityComparer.Default);
        foreach (var field in uses.Where(field => !field.Any(Writes.IsWritten)))
        {
            if (library.Statics.IsAssignedOnlyIn(field.Key!, GetMember(job.Call)))
            {
                // The body of a method may be in another file, far from the call.
                var place = JobCode.FindCode(job) is null ? job.GetLocation() : field.First().Syntax.GetLocation();
                report(Diagnostic.Create(Descriptors.AssignedStatic, place, $"{field.Key!.ContainingType.Name}.{field.Key.Name}"));
            }
        }
    }

    private static IEnumerable<IOperation> FindBody(JobFunction job, Library library)
    {
        if (job.Method?.Method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } declaration
            || !library.Compilation.ContainsSyntaxTree(declaration.SyntaxTree))
        {
            return [];
        }

        // The method is usually in another file than its call.
#pragma warning disable RS1030
        var model = library.Compilation.GetSemanticModel(declaration.SyntaxTree);
#pragma warning restore RS1030
        return model.GetOperation(declaration) is { } body ? JobCode.GetOperations(body) : [];
    }

    /// <summary>Gets the static field or automatic property of this program that an operation names; null for others.</summary>
    private static ISymbol? FindStatic(IOperation operation) => operation switch
    {
        IFieldReferenceOperation { Field: { IsStatic: true, IsConst: false, IsReadOnly: false } field } when IsInSource(field) => field,
        IPropertyReferenceOperation { Property: { IsStatic: true, SetMethod: not null } property }
            when FieldSymbols.IsAutomatic(property) => property,
        _ => null,
    };

    private static bool IsInSource(ISymbol symbol) => !symbol.DeclaringSyntaxReferences.IsEmpty;

    private static ISymbol GetMember(IOperation call)
    {
        var symbol = call.SemanticModel!.GetEnclosingSymbol(call.Syntax.SpanStart)!;
        while (symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction })
        {
            symbol = symbol.ContainingSymbol;
        }

        return symbol;
    }
}
