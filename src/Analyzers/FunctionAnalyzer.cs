using System.Collections.Immutable;
using Actors.Analyzers.Jobs;
using Actors.Messages.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Actors.Analyzers;

/// <summary>Reports functions that no worker could run, such as methods of the framework.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FunctionAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.Function];

    private protected override void AnalyzeJob(JobFunction job, Library library, Action<Diagnostic> report)
    {
        if (job.Symbol is { } method && FindReasonAgainst(method) is { } reason)
        {
            var name = job.Lambda is null ? $"{method.ContainingType.Name}.{method.Name}" : "The lambda";
            report(Diagnostic.Create(Descriptors.Function, job.GetLocation(), FunctionRules.FormatRefusal(name, reason)));
        }
    }

    private static string? FindReasonAgainst(IMethodSymbol method)
    {
        if (method is { IsAsync: true, ReturnsVoid: true })
        {
            return FunctionRules.AsyncVoid;
        }

        if (method.MethodKind != MethodKind.Ordinary)
        {
            return null;
        }

        var isDispatched = method.IsVirtual || method.IsAbstract || method.IsOverride;
        return method is { IsStatic: false, ContainingType.IsValueType: true } ? FunctionRules.OfStruct
            : isDispatched ? method.IsGenericMethod ? FunctionRules.GenericVirtual : null
            : method.ContainingAssembly is { Name: var assembly } && !AssemblyNames.IsUser(assembly) ? FunctionRules.ForeignCode(assembly)
            : null;
    }
}
