using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.CodeFixes;

/// <summary>Closes a pool in a statement before the one that joins it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CloseCodeFix))]
[Shared]
public sealed class CloseCodeFix() : LibraryCodeFix("ACTORS110", "Close the pool before the join")
{
    private protected override (SyntaxNode Old, SyntaxNode[] New)? FindReplacement(
        ExpressionSyntax place, Diagnostic warning, SemanticModel model)
    {
        if (place is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var pool } }
            || place.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax or GlobalStatementSyntax } join)
        {
            return null;
        }

        var lineEnd = place.SyntaxTree.GetRoot().DescendantTrivia().FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        var indentation = join.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Reverse().Take(1);
        var close = SyntaxFactory.ParseStatement($"{pool}.Close();").WithLeadingTrivia(join.GetLeadingTrivia()).WithTrailingTrivia(lineEnd);
        var rest = join.WithLeadingTrivia(indentation);
        return join.Parent is GlobalStatementSyntax
            ? (join.Parent, [SyntaxFactory.GlobalStatement(close), SyntaxFactory.GlobalStatement(rest)])
            : (join, [close, rest]);
    }
}
