using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.CodeFixes;

/// <summary>Awaits the handle of a job in an async method; elsewhere assigns it to <c>_</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(HandleCodeFix))]
[Shared]
public sealed class HandleCodeFix() : LibraryCodeFix("ACTORS108", "Await or discard the handle")
{
    private protected override (SyntaxNode Old, SyntaxNode[] New)? FindReplacement(
        ExpressionSyntax place, Diagnostic warning, SemanticModel model)
    {
        var isAsync = model.GetEnclosingSymbol(place.SpanStart) is IMethodSymbol { IsAsync: true };
        // In a lambda such as _ => pool.ApplyAsync(F), the name belongs to its parameter.
        if (!isAsync && !model.LookupSymbols(place.SpanStart, name: "_").IsEmpty)
        {
            return null;
        }

        var call = SyntaxFactory.ParseExpression(isAsync ? $"await {place}" : $"_ = {place}");
        return (place, [call.WithTriviaFrom(place)]);
    }
}
