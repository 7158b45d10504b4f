using System.Collections.Immutable;
using Actors.Analyzers.Jobs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers;

/// <summary>Reports captured variables that a job assigns and the surrounding method reads later: the change stays in the worker.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AssignedVariableAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.AssignedVariable];

    private protected override void AnalyzeJob(JobFunction job, Library library, Action<Diagnostic> report)
    {
        if (JobCode.FindCode(job) is not { } code)
        {
            return;
        }

        var reported = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var use in code.CapturedUses.Where(Writes.IsWritten))
        {
            var variable = JobCode.FindVariable(use)!;
            if (reported.Add(variable) && IsReadLater(variable, code, job))
                report(Diagnostic.Create(Descriptors.AssignedVariable, use.Syntax.GetLocation(), variable.Name));
        }
    }

    private static bool IsReadLater(ISymbol variable, JobCode code, JobFunction job)
    {
        var start = FindStart(job.Call, variable);
        return code.Surroundings.Any(operation =>
            SymbolEqualityComparer.Default.Equals(JobCode.FindVariable(operation), variable) && Writes.IsRead(operation)
            && operation.Syntax.SpanStart > start);
    }

    /// <summary>
    /// Gets the position after which the change would be seen: that of the call, or of the outermost loop around it that keeps the
    /// variable.
    /// </summary>
    private static int FindStart(IOperation call, ISymbol variable)
    {
        var start = call.Syntax.SpanStart;
        for (var outer = call.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ILoopOperation && variable.DeclaringSyntaxReferences.All(place => !outer.Syntax.Span.Contains(place.Span)))
                start = outer.Syntax.SpanStart;
        }

        return start;
    }
}
