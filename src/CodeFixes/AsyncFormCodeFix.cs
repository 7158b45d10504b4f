using System.Composition;
using Actors.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.CodeFixes;

/// <summary>Awaits the async form of a blocking call.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AsyncFormCodeFix))]
[Shared]
public sealed class AsyncFormCodeFix() : LibraryCodeFix("ACTORS109", "Await the async form")
{
    private protected override (SyntaxNode Old, SyntaxNode[] New)? FindReplacement(
        ExpressionSyntax place, Diagnostic warning, SemanticModel model)
    {
        var form = warning.Properties[Descriptors.AsyncForm];
        var isAssigned = place.Parent is AssignmentExpressionSyntax target && target.Left == place;
        ExpressionSyntax replaced = isAssigned ? (AssignmentExpressionSyntax)place.Parent! : place;
        if (FindAsyncCall(place, form, isAssigned) is not { } call)
        {
            return null;
        }

        var text = replaced.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or ConditionalAccessExpressionSyntax
            ? $"(await {call})"
            : $"await {call}";
        return (replaced, [SyntaxFactory.ParseExpression(text).WithTriviaFrom(replaced)]);
    }

    private static string? FindAsyncCall(ExpressionSyntax place, string? form, bool isAssigned) => place switch
    {
        _ when isAssigned => FindAsyncAssignment(place, form),
        _ when form is null => FindAwaitable(place),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } call when !HasOut(call) =>
            $"{member.Expression}.{RenameMember(member.Name, form)}{call.ArgumentList}",
        MemberAccessExpressionSyntax property => $"{property.Expression}.{form}()",
        ElementAccessExpressionSyntax indexer => $"{indexer.Expression}.{form}({indexer.ArgumentList.Arguments})",
        _ => null,
    };

    private static string? FindAsyncAssignment(ExpressionSyntax place, string? form)
    {
        var assignment = (AssignmentExpressionSyntax)place.Parent!;
        return !assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) ? null : place switch
        {
            MemberAccessExpressionSyntax property => $"{property.Expression}.{form}({assignment.Right})",
            ElementAccessExpressionSyntax indexer => $"{indexer.Expression}.{form}({indexer.ArgumentList.Arguments}, {assignment.Right})",
            _ => null,
        };
    }

    /// <summary>Gets the task or handle before the call or property that blocks.</summary>
    private static string? FindAwaitable(ExpressionSyntax place) => place switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetAwaiter" } access } =>
            access.Expression.ToString(),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetResult" } access } =>
            FindAwaitable(access.Expression),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Expression.ToString(),
        MemberAccessExpressionSyntax access => access.Expression.ToString(),
        _ => null,
    };

    private static SimpleNameSyntax RenameMember(SimpleNameSyntax name, string form) => name.WithIdentifier(SyntaxFactory.Identifier(form));

    private static bool HasOut(InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments.Any(argument => argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword));
}
