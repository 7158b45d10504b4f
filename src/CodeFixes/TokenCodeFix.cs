using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.CodeFixes;

/// <summary>Passes a token to the call as well, which then cancels the job: <c>cancellationToken: token</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TokenCodeFix))]
[Shared]
public sealed class TokenCodeFix() : LibraryCodeFix("ACTORS112", "Cancel the job with the token")
{
    private const string Parameter = "cancellationToken";

    private protected override (SyntaxNode Old, SyntaxNode[] New)? FindReplacement(
        ExpressionSyntax place, Diagnostic warning, SemanticModel model)
    {
        if (place.Ancestors().OfType<InvocationExpressionSyntax>().FirstOrDefault(call => CancelsJob(call, model)) is not { } call)
        {
            return null;
        }

        var token = SyntaxFactory.Argument(
            SyntaxFactory.NameColon(Parameter), default, place.WithoutTrivia()).NormalizeWhitespace();
        return (call, [call.AddArgumentListArguments(token)]);
    }

    private static bool CancelsJob(InvocationExpressionSyntax call, SemanticModel model) =>
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { ContainingType: { Name: "ProcessPool" or "ServiceJobs" } type } method
        && type.ContainingNamespace.Name == "Actors" && method.Parameters.Any(parameter => parameter.Name == Parameter);
}
