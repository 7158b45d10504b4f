using System.Collections.Immutable;
using Actors.Analyzers.Jobs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers;

/// <summary>Reports a join of a pool that the same method has started and certainly not closed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ClosingAnalyzer : LibraryAnalyzer
{
    private static readonly HashSet<string> Ends =
        ["Close", "Complete", "CompleteAsync", "Terminate", "TerminateAsync", "Kill", "Dispose", "DisposeAsync"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.JoinWithoutClose];

    private protected override void RegisterActions(CompilationStartAnalysisContext context, Library library) =>
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (IsJoin(call, library) && call.Instance is ILocalReferenceOperation pool && IsOpen(pool, library))
                {
                    operation.ReportDiagnostic(Diagnostic.Create(
                        Descriptors.JoinWithoutClose, call.Syntax.GetLocation(), pool.Local.Name,
                        call.TargetMethod.Name == "Join" ? "Complete" : "CompleteAsync"));
                }
            },
            OperationKind.Invocation);

    private static bool IsJoin(IInvocationOperation call, Library library) => call.TargetMethod.Name is "Join" or "JoinAsync"
        && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, library.ProcessPool);

    private static bool IsOpen(ILocalReferenceOperation pool, Library library)
    {
        var root = JobCode.GetRoot(pool);
        var uses = root.Descendants().OfType<ILocalReferenceOperation>()
            .Where(use => SymbolEqualityComparer.Default.Equals(use.Local, pool.Local));
        return root.Descendants().OfType<IVariableDeclaratorOperation>().Any(one => StartsPool(one, pool.Local, library))
            && uses.All(use => IsOwnUse(use) && (use.Syntax.SpanStart >= pool.Syntax.SpanStart || !EndsPool(use)));
    }

    private static bool StartsPool(IVariableDeclaratorOperation declarator, ILocalSymbol pool, Library library) =>
        SymbolEqualityComparer.Default.Equals(declarator.Symbol, pool)
        && FindCall(declarator.GetVariableInitializer()?.Value) is { TargetMethod: { Name: "Start" or "StartAsync" } start }
        && SymbolEqualityComparer.Default.Equals(start.ContainingType, library.ProcessPool);

    private static IInvocationOperation? FindCall(IOperation? value) => value switch
    {
        IAwaitOperation wait => FindCall(wait.Operation),
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } call => FindCall(call.Instance),
        IInvocationOperation call => call,
        _ => null,
    };

    /// <summary>Whether a use calls a member here. A pool that is passed on or captured may be closed elsewhere.</summary>
    private static bool IsOwnUse(ILocalReferenceOperation use) =>
        IsReceiver(use) && !IsCaptured(use);

    private static bool IsReceiver(ILocalReferenceOperation use) => use.Parent switch
    {
        IInvocationOperation call => call.Instance == use,
        IPropertyReferenceOperation property => property.Instance == use,
        _ => false,
    };

    private static bool IsCaptured(ILocalReferenceOperation use)
    {
        var outer = use.Parent;
        while (outer is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            outer = outer.Parent;
        }

        var function = outer switch
        {
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            ILocalFunctionOperation local => local.Symbol,
            _ => null,
        };
        return function is not null && !SymbolEqualityComparer.Default.Equals(function, use.Local.ContainingSymbol);
    }

    private static bool EndsPool(ILocalReferenceOperation use) =>
        use.Parent is IInvocationOperation call && Ends.Contains(call.TargetMethod.Name);
}
