using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.CodeFixes;

/// <summary>Calls a method of another assembly in a lambda: <c>x => Math.Sqrt(x)</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LambdaCodeFix))]
[Shared]
public sealed class LambdaCodeFix() : LibraryCodeFix("ACTORS104", "Call the method in a lambda")
{
    private protected override (SyntaxNode Old, SyntaxNode[] New)? FindReplacement(
        ExpressionSyntax place, Diagnostic warning, SemanticModel model)
    {
        if (place is AnonymousFunctionExpressionSyntax || model.GetSymbolInfo(place).Symbol is not IMethodSymbol method)
        {
            return null;
        }

        var names = method.Parameters.Select(parameter => parameter.Name).ToArray();
        var list = names.Length == 1 ? names[0] : $"({string.Join(", ", names)})";
        var lambda = SyntaxFactory.ParseExpression($"{list} => {place}({string.Join(", ", names)})");
        return (place, [lambda.WithTriviaFrom(place)]);
    }
}
