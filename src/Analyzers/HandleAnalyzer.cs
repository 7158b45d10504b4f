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
    /// <summary>Parts of the names of methods that expect an exception.</summary>
    private static readonly string[] Expecting = ["Throw", "Exception", "Catch"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.LostHandle];

    private protected override void RegisterActions(CompilationStartAnalysisContext context, Library library) =>
        context.RegisterOperationAction(
            operation =>
            {
                var statement = (IExpressionStatementOperation)operation.Operation;
                if (IsLost(statement, library))
                    operation.ReportDiagnostic(Diagnostic.Create(Descriptors.LostHandle, statement.Operation.Syntax.GetLocation()));
            },
            OperationKind.ExpressionStatement);

    private static bool IsLost(IExpressionStatementOperation statement, Library library) =>
        statement.Operation is IInvocationOperation call && library.Declares(call.TargetMethod.ContainingType)
        && (library.IsHandle(call.Type) || IsTaskOfHandle(call.Type, library))
        && call.Arguments.Where(argument => argument.Parameter?.Name == "options").All(argument => argument.IsImplicit)
        && !IsExpectedToThrow(statement);

    /// <summary>
    /// Whether the statement is a whole lambda that a test may run for its exception: the argument of a method such as <c>Throws</c> or
    /// <c>Record.Exception</c>, or the value of a variable.
    /// </summary>
    private static bool IsExpectedToThrow(IExpressionStatementOperation statement) =>
        statement.Parent is IBlockOperation { Parent: IAnonymousFunctionOperation lambda } block
        && block.Operations.Count(operation => !operation.IsImplicit || operation == statement) == 1
        && FindTarget(lambda) switch
        {
            IArgumentOperation { Parameter.ContainingSymbol.Name: var method } => Expecting.Any(method.Contains),
            IVariableInitializerOperation => true,
            _ => false,
        };

    private static IOperation? FindTarget(IOperation lambda) =>
        lambda.Parent is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation
            ? FindTarget(lambda.Parent)
            : lambda.Parent;

    private static bool IsTaskOfHandle(ITypeSymbol? type, Library library) =>
        type is INamedTypeSymbol { Name: "Task", TypeArguments.Length: 1 } task && library.IsHandle(task.TypeArguments[0]);
}
