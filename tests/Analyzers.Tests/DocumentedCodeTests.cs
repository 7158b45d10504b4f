using System.Text.RegularExpressions;
using Actors.EndToEnd.Tests.Documentation;
using Microsoft.CodeAnalysis;

namespace Actors.Analyzers.Tests;

/// <summary>The documents show no code that the analyzer would warn of, and explain each rule.</summary>
public partial class DocumentedCodeTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(UserCode.Root, "docs/reference/analyzer-rules.md"));

    private static IEnumerable<CodeBlock> OtherBlocks =>
        CodeBlock.OfRepository(UserCode.Root).Where(block => !block.File.EndsWith("analyzer-rules.md", StringComparison.Ordinal));

    [Fact]
    public async Task Blocks_AllDocuments_HaveNoWarnings()
    {
        var found = await Task.WhenAll(
            OtherBlocks.Select(async block => (block.Name, Warnings: await UserCode.AnalyzeAsync([block.Code]))));

        Assert.InRange(found.Length, 30, 500);
        Assert.Empty(found.SelectMany(block => block.Warnings.Select(warning => $"{block.Name}: {warning}")));
    }

    [Fact]
    public void Page_HasASectionForEachRule() => Assert.Equal(
        UserCode.Rules.Select(rule => $"{rule.Id}: {rule.Title}").Order(),
        Heading().Matches(Page).Select(match => match.Groups[1].Value).Order());

    /// <summary>The first block of a section shows the mistake, the second the remedy.</summary>
    [Fact]
    public async Task Page_Examples_ShowTheWarningAndTheRemedy()
    {
        foreach (var rule in UserCode.Rules)
        {
            var section = Page.Split($"## {rule.Id}: ")[1].Split("\n## ")[0];
            var blocks = CodeBlock.Find("analyzer-rules.md", section).ToList();

            Assert.Equal(2, blocks.Count);
            Assert.Equal([rule.Id], (await AnalyzeAsync(blocks[0])).Select(found => found.Id));
            Assert.Empty(await AnalyzeAsync(blocks[1]));
        }
    }

    [Fact]
    public void Rules_LinkToTheirSections() => Assert.All(
        UserCode.Rules,
        rule => Assert.EndsWith(
            $"/docs/reference/analyzer-rules.md#{rule.Id.ToLowerInvariant()}", rule.HelpLinkUri, StringComparison.Ordinal));

    private static async Task<IEnumerable<Diagnostic>> AnalyzeAsync(CodeBlock block) =>
        await UserCode.AnalyzeAsync([$"await using var pool = await ProcessPool.StartAsync(2);\n{block.Code}"]);

    [GeneratedRegex(@"^## (ACTORS\d+: .*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
