using System.Collections.Immutable;
using Actors.Analyzers.Jobs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers;

/// <summary>
/// Reports changes of captured variables, of members of <c>this</c> and of the objects that they hold, when the program expects them: it
/// reads the value later, or nothing else could use the change. They stay in the worker.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CapturedChangeAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.CapturedChange];

    private protected override void AnalyzeJob(JobFunction job, Library library, Action<Diagnostic> report)
    {
        if (JobCode.FindCode(job) is not { } code)
        {
            return;
        }

        var changes = code.CapturedUses.Concat(code.OwnMemberUses).Select(CapturedChange.FindChange).OfType<CapturedChange>();
        foreach (var ofHolder in changes.ToLookup(change => change.Holder, SymbolEqualityComparer.Default))
        {
            if (IsLost(ofHolder.Key!, [.. ofHolder], code, job))
            {
                report(Diagnostic.Create(Descriptors.CapturedChange, ofHolder.First().Use.Syntax.GetLocation(), ofHolder.Key!.Name));
            }
        }
    }

    private static bool IsLost(ISymbol holder, ImmutableArray<CapturedChange> changes, JobCode code, JobFunction job)
    {
        var areInside = changes.All(change => change.IsInside);
        var uses = code.Operations.Where(operation => IsUse(operation, holder)).ToList();
        return !IsReplacedBy(job.Call, holder) && !(areInside && uses.Any(IsHandedOn))
            && (IsReadLater(holder, code, job.Call)
                || ((areInside || holder is not IParameterSymbol) && IsOnlyChanged(holder, uses, code, job)));
    }

    private static bool IsUse(IOperation operation, ISymbol holder) =>
        SymbolEqualityComparer.Default.Equals(JobCode.FindHolder(operation), holder);

    /// <summary>Whether the result of the call is assigned to the variable.</summary>
    private static bool IsReplacedBy(IOperation call, ISymbol holder)
    {
        var value = call;
        while (value.Parent is IAwaitOperation or IConversionOperation or IInvocationOperation or IArgumentOperation)
        {
            value = value.Parent;
        }

        return value.Parent is IAssignmentOperation assignment
            && JobCode.GetOperations(assignment.Target).Any(target => IsUse(target, holder));
    }

    /// <summary>Whether the job returns an object or passes it to another function, which may need the changed copy.</summary>
    private static bool IsHandedOn(IOperation use) => use.Parent switch
    {
        IConversionOperation or ITupleOperation or IParenthesizedOperation => IsHandedOn(use.Parent),
        IReturnOperation => true,
        IArgumentOperation { Parameter: { } parameter } =>
            parameter is not { Ordinal: 0, ContainingSymbol: IMethodSymbol { IsExtensionMethod: true } },
        _ => false,
    };

    private static bool IsReadLater(ISymbol holder, JobCode code, IOperation call)
    {
        var start = FindStart(call, holder);
        return code.Surroundings.Any(
            operation => IsUse(operation, holder) && Writes.IsRead(operation) && operation.Syntax.SpanStart > start);
    }

    /// <summary>
    /// Gets the position after which the change would be seen: that of the call, or of the outermost loop around it that keeps the
    /// variable.
    /// </summary>
    private static int FindStart(IOperation call, ISymbol holder)
    {
        var start = call.Syntax.SpanStart;
        for (var outer = call.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ILoopOperation && holder.DeclaringSyntaxReferences.All(place => !outer.Syntax.Span.Contains(place.Span)))
                start = outer.Syntax.SpanStart;
        }

        return start;
    }

    /// <summary>
    /// Whether the job changes an object of the caller or of <c>this</c> and never uses it otherwise, so that only the program could.
    /// </summary>
    private static bool IsOnlyChanged(ISymbol holder, List<IOperation> uses, JobCode code, JobFunction job) =>
        holder is not ILocalSymbol && uses.All(use => CapturedChange.FindChange(use)?.IsUnused(job.Call) == true)
        && (holder is IParameterSymbol
            || code.UsesOfThis.All(use => use.Parent is { } member && JobCode.FindOwnMember(member) is not null));
}
