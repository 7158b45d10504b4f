using Actors.Analyzers.Jobs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Actors.Analyzers;

/// <summary>Base of the analyzers that examine each function that is passed to a worker.</summary>
public abstract class JobAnalyzer : LibraryAnalyzer
{
    private protected sealed override void RegisterActions(CompilationStartAnalysisContext context, Library library) =>
        context.RegisterOperationAction(
            operation =>
            {
                foreach (var job in JobFunction.FindJobs(operation.Operation, library))
                {
                    AnalyzeJob(job, library, operation.ReportDiagnostic);
                }
            },
            OperationKind.Invocation,
            OperationKind.ObjectCreation,
            OperationKind.SimpleAssignment);

    private protected abstract void AnalyzeJob(JobFunction job, Library library, Action<Diagnostic> report);
}
