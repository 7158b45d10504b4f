using System.Collections.Immutable;
using Actors.Analyzers.Jobs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Actors.Analyzers;

/// <summary>Reports arguments, results and captured variables whose type cannot travel.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TravelAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Descriptors.Argument, Descriptors.Result, Descriptors.Captured];

    private protected override void AnalyzeJob(JobFunction job, Library library, Action<Diagnostic> report)
    {
        foreach (var parameter in job.Parameters)
        {
            if (library.Travel.FindRefusal(parameter.Type) is { } refusal)
            {
                var place = job.FindArgument(parameter)?.Syntax.GetLocation() ?? job.GetLocation();
                report(Diagnostic.Create(Descriptors.Argument, place, refusal));
            }
        }

        if (job.ResultType is { } result && library.Travel.FindRefusal(result) is { } against)
        {
            report(Diagnostic.Create(Descriptors.Result, job.GetLocation(), against));
        }

        if (JobCode.FindCode(job) is { } code)
        {
            ReportCaptured(code, library, report);
        }
        else if (job.Method?.Instance is { Type: { } target } instance && library.Travel.FindTargetRefusal(target) is { } held)
        {
            report(Diagnostic.Create(Descriptors.Captured, instance.Syntax.GetLocation(), instance.Syntax, held));
        }
    }

    private static void ReportCaptured(JobCode code, Library library, Action<Diagnostic> report)
    {
        var reported = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var use in code.CapturedUses)
        {
            var variable = JobCode.FindVariable(use)!;
            if (use.Type is { } type && library.Travel.FindRefusal(type) is { } refusal && reported.Add(variable))
                report(Diagnostic.Create(Descriptors.Captured, use.Syntax.GetLocation(), variable.Name, refusal));
        }

        if (code.UsesOfThis.FirstOrDefault() is { Type: { } owner } self && library.Travel.FindTargetRefusal(owner) is { } held)
        {
            report(Diagnostic.Create(Descriptors.Captured, self.Syntax.GetLocation(), "this", held));
        }
    }
}
