using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers;

/// <summary>
/// Reports statements that drop the handle of a submitted job. A job with options may have a callback that receives its end. A program that
/// awaits the acceptance of a job may leave the result to another one.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandleAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.LostHandle];

    private protected override void RegisterActions(CompilationStartAnalysisContext context, Library library) =>
        context.RegisterOperationAction(
            operation =>
            {
                if (operation.Operation is IExpressionStatementOperation { IsImplicit: false } statement && IsLost(statement, library))
                    operation.ReportDiagnostic(Diagnostic.Create(Descriptors.LostHandle, statement.Operation.Syntax.GetLocation()));
            },
            OperationKind.ExpressionStatement);

    private static bool IsLost(IExpressionStatementOperation statement, Library library) =>
        !IsWholeLambda(statement) && statement.Operation is IInvocationOperation call && library.Declares(call.TargetMethod.ContainingType)
        && (library.IsHandle(call.Type) || IsTaskOfHandle(call.Type, library))
        && call.Arguments.Where(argument => argument.Parameter?.Name == "options").All(argument => argument.IsImplicit);

    /// <summary>Whether a lambda does nothing else. Tests run such lambdas for their exception.</summary>
    private static bool IsWholeLambda(IExpressionStatementOperation statement) =>
        statement.Parent is IBlockOperation { Parent: IAnonymousFunctionOperation } block
        && block.Operations.Count(operation => !operation.IsImplicit) <= 1;

    private static bool IsTaskOfHandle(ITypeSymbol? type, Library library) =>
        type is INamedTypeSymbol { Name: "Task", TypeArguments.Length: 1 } task && library.IsHandle(task.TypeArguments[0]);
}
