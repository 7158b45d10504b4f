using System.Collections.Immutable;
using Actors.Analyzers.Jobs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers;

/// <summary>
/// Reports cancellation tokens among the arguments and captured variables of a call that gets no token itself. The function receives the
/// token of its job in their place, so they cancel nothing.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TokenAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.Token];

    private protected override void AnalyzeJob(JobFunction job, Library library, Action<Diagnostic> report)
    {
        if (job.Cancellation == CancellationForm.Chosen)
        {
            return;
        }

        var remedy = job.Cancellation == CancellationForm.Possible
            ? "Pass the token as cancellationToken too, which cancels the job." : "Nothing cancels that token.";
        foreach (var token in FindPassed(job).Concat(FindCaptured(job)))
        {
            report(Diagnostic.Create(Descriptors.Token, token.Syntax.GetLocation(), token.Syntax, remedy));
        }
    }

    private static IEnumerable<IOperation> FindPassed(JobFunction job) =>
        job.Parameters.Select(job.FindArgument).OfType<IOperation>().Where(argument => IsToken(argument) && !IsEmpty(argument));

    private static IEnumerable<IOperation> FindCaptured(JobFunction job) => JobCode.FindCode(job) is { } code
        ? code.CapturedUses.Concat(code.OwnMemberUses).Where(IsToken)
            .ToLookup(use => JobCode.FindHolder(use)!, SymbolEqualityComparer.Default).Select(uses => uses.First())
        : [];

    private static bool IsToken(IOperation value) => value.Type is { Name: "CancellationToken", ContainingNamespace: var space }
        && space.ToDisplayString() == "System.Threading";

    private static bool IsEmpty(IOperation value) => value switch
    {
        IConversionOperation conversion => IsEmpty(conversion.Operand),
        IDefaultValueOperation => true,
        IPropertyReferenceOperation { Property: { IsStatic: true, Name: "None" } } => true,
        IObjectCreationOperation { Arguments.IsEmpty: true } => true,
        _ => false,
    };
}
