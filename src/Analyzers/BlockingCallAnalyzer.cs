using System.Collections.Immutable;
using Actors.Analyzers.Jobs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Actors.Analyzers;

/// <summary>
/// Reports calls of this library that block the thread of an async method and have an async form. Jobs may block: a worker runs one at a
/// time.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockingCallAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.Blocking];

    private protected override void RegisterActions(CompilationStartAnalysisContext context, Library library) =>
        context.RegisterOperationAction(
            operation => ReportBlocking(operation.Operation, library, operation.ReportDiagnostic),
            OperationKind.Invocation,
            OperationKind.PropertyReference);

    private static void ReportBlocking(IOperation operation, Library library, Action<Diagnostic> report)
    {
        if (BlockingCall.FindCall(operation, library) is not { } call || !EnclosingFunction.CanAwait(operation)
            || EnclosingFunction.IsJob(operation, library))
        {
            return;
        }

        var properties = ImmutableDictionary<string, string?>.Empty.Add(Descriptors.AsyncForm, call.AsyncForm);
        report(Diagnostic.Create(
            Descriptors.Blocking, operation.Syntax.GetLocation(), properties, call.Name,
            call.AsyncForm is null ? "await it instead" : $"await {call.AsyncForm} instead"));
    }
}
