using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Actors.CodeFixes;

/// <summary>Base of the code fixes. Each replaces one node of the syntax.</summary>
/// <param name="rule">The rule whose warnings it fixes.</param>
/// <param name="title">The title in the editor's menu.</param>
public abstract class LibraryCodeFix(string rule, string title) : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [rule];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var warning in context.Diagnostics)
        {
            if (root?.FindNode(warning.Location.SourceSpan, getInnermostNodeForTie: true) is ExpressionSyntax place
                && FindReplacement(place, warning, model!) is { } change)
            {
                var nodes = change.New.Select(node => node.WithAdditionalAnnotations(Formatter.Annotation)).ToList();
                var changed = nodes.Count == 1 ? root.ReplaceNode(change.Old, nodes[0]) : root.ReplaceNode(change.Old, nodes);
                context.RegisterCodeFix(
                    CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), rule), warning);
            }
        }
    }

    /// <summary>Finds the node to replace and its replacements; null when the warning has no fix here.</summary>
    private protected abstract (SyntaxNode Old, SyntaxNode[] New)? FindReplacement(
        ExpressionSyntax place, Diagnostic warning, SemanticModel model);
}
