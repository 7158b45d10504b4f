using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers.Jobs;

/// <summary>Determines the function in which an operation runs.</summary>
internal static class EnclosingFunction
{
    /// <summary>Whether an operation is evaluated where it could be awaited: its function is async, and no lock is held.</summary>
    internal static bool CanAwait(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null && !IsFunction(outer); outer = outer.Parent)
        {
            if (outer is ILockOperation or INameOfOperation)
                return false;
        }

        return operation.SemanticModel?.GetEnclosingSymbol(operation.Syntax.SpanStart) is IMethodSymbol { IsAsync: true };
    }

    /// <summary>Whether an operation is in a lambda or local function that the same method passes to a worker.</summary>
    internal static bool IsJob(IOperation operation, Library library)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation && IsPassedToWorker(outer, library))
                return true;
            if (outer is ILocalFunctionOperation local && FindReferences(local).Any(use => IsPassedToWorker(use, library)))
                return true;
        }

        return false;
    }

    private static bool IsFunction(IOperation operation) => operation is IAnonymousFunctionOperation or ILocalFunctionOperation;

    private static bool IsPassedToWorker(IOperation function, Library library)
    {
        var call = function.Parent;
        while (call is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation or IArgumentOperation)
        {
            call = call.Parent;
        }

        return call is not null && JobFunction.FindJobs(call, library).Any(job => job.Function == function);
    }

    private static IEnumerable<IOperation> FindReferences(ILocalFunctionOperation local) => JobCode.GetRoot(local).Descendants()
        .OfType<IMethodReferenceOperation>().Where(use => SymbolEqualityComparer.Default.Equals(use.Method, local.Symbol));
}
