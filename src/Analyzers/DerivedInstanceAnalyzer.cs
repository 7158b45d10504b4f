using System.Collections.Immutable;
using Actors.Analyzers.Jobs;
using Actors.Analyzers.Types;
using Actors.Messages.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers;

/// <summary>
/// Reports arguments, items and results whose class is derived from the declared one. A value is written by its declared class, so the
/// check at run time refuses it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DerivedInstanceAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.Derived];

    private protected override void AnalyzeJob(JobFunction job, Library library, Action<Diagnostic> report)
    {
        var arguments = job.Parameters.Select(job.FindArgument).OfType<IOperation>();
        var results = job.ResultType is null || job.Lambda is null ? [] : GetResults(job.Lambda);
        foreach (var value in arguments.Concat(GetItems(job)).Concat(results))
        {
            if (FindConversion(value) is { Type: { } declared, Operand: { Type: { } actual } operand })
            {
                report(Diagnostic.Create(
                    Descriptors.Derived, operand.Syntax.GetLocation(), SymbolType.GetFullName(actual), SymbolType.GetFullName(declared)));
            }
        }
    }

    /// <summary>Gets the conversion of an object to a base class that is written by its own fields; null for other values.</summary>
    private static IConversionOperation? FindConversion(IOperation value) =>
        value is IConversionOperation { Type: { TypeKind: TypeKind.Class, IsAbstract: false } declared } conversion
            && conversion.Operand.Type is { TypeKind: TypeKind.Class } actual
            && AssemblyNames.IsUser(declared.ContainingAssembly?.Name ?? "")
            && !SymbolEqualityComparer.Default.Equals(actual, declared) && DerivesFrom(actual, declared)
        ? conversion
        : null;

    private static bool DerivesFrom(ITypeSymbol type, ITypeSymbol ancestor) => type.BaseType is { } level
        && (SymbolEqualityComparer.Default.Equals(level, ancestor) || DerivesFrom(level, ancestor));

    private static ImmutableArray<IOperation> GetItems(JobFunction job) => Unwrap(job.FindItems()) switch
    {
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
        ICollectionExpressionOperation collection => collection.Elements,
        _ => [],
    };

    private static IOperation? Unwrap(IOperation? value) => value is IConversionOperation conversion ? conversion.Operand : value;

    private static IEnumerable<IOperation> GetResults(IAnonymousFunctionOperation lambda) =>
        GetOwnOperations(lambda.Body).OfType<IReturnOperation>().Select(result => result.ReturnedValue).OfType<IOperation>();

    private static IEnumerable<IOperation> GetOwnOperations(IOperation operation) =>
        operation is IAnonymousFunctionOperation or ILocalFunctionOperation
        ? []
        : operation.ChildOperations.SelectMany(GetOwnOperations).Prepend(operation);
}
