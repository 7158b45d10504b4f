using Microsoft.CodeAnalysis.Diagnostics;

namespace Actors.Analyzers;

/// <summary>Base of the analyzers of this library. They do nothing in a compilation that does not reference it.</summary>
public abstract class LibraryAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (Library.FindIn(start.Compilation) is { } library)
                RegisterActions(start, library);
        });
    }

    private protected abstract void RegisterActions(CompilationStartAnalysisContext context, Library library);
}
