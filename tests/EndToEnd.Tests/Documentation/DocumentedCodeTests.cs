namespace Actors.EndToEnd.Tests.Documentation;

/// <summary>Each C# block in README.md and docs/ compiles and runs unchanged. Fragments may use names of a surrounding program.</summary>
public sealed class DocumentedCodeTests(ExampleProgram program) : IClassFixture<ExampleProgram>
{
    private const int MostLinesOfTheFirstExample = 10;

    [Fact]
    public async Task Blocks_AllDocuments_CompileAndRun()
    {
        Assert.Empty(program.Errors);
        var whole = program.Blocks.Where(block => !block.IsFragment).Select(block => block.Name).ToList();

        var (outcomes, lines) = await program.RunAsync();

        Assert.Contains(whole, name => name.StartsWith("README.md", StringComparison.Ordinal));
        Assert.Empty(outcomes.Where(outcome => outcome.Value != "ok").Select(outcome => $"{outcome.Key}: {outcome.Value}"));
        Assert.True(whole.Order().SequenceEqual(outcomes.Keys.Order()), string.Join('\n', lines.TakeLast(20)));
    }

    [Fact]
    public void Fragments_AllDocuments_CompileAgainstTheLibrary() =>
        Assert.Empty(program.Blocks.Where(block => block.IsFragment).SelectMany(program.Compiler.Check));

    [Fact]
    public async Task FirstBlock_Readme_PrintsAFewLines()
    {
        Assert.Empty(program.Errors);
        var (outcomes, lines) = await program.RunAsync(program.Blocks[0].Name);

        Assert.Equal("ok", Assert.Single(outcomes).Value);
        Assert.InRange(lines.Count, 1, MostLinesOfTheFirstExample);
    }

    [Theory]
    [InlineData("int x = ;", "README.md(7,")]
    [InlineData("pool.NoSuchMethod();\nProcessPool.NoSuchMethod();", "README.md(8,")]
    [InlineData("await using var p = await ProcessPool.StartAsync(\"three\");", "README.md(7,")]
    public void Check_FragmentWithAMistake_ReportsItsLine(string code, string place) =>
        Assert.Contains(
            place, Assert.Single(program.Compiler.Check(new CodeBlock("README.md", 7, code, IsFragment: true))), StringComparison.Ordinal);

    [Fact]
    public void Check_FragmentWithUnknownNames_ReportsNoErrors() =>
        Assert.Empty(
            program.Compiler.Check(
                new CodeBlock("README.md", 7, "var job = pool.ApplyAsync(Render, invoice);\nOrder order = new();", IsFragment: true)));

    [Fact]
    public void Find_BlocksOfAllKinds_ReturnsLinesAndMarks()
    {
        var blocks = CodeBlock.Find(
            "a.md", "text\n\n```csharp\nA();\n```\n```\nnone\n```\n- item\n  ```csharp fragment\n  B();\n    C();\n  ```\n").ToList();

        Assert.Equal(
            [new CodeBlock("a.md", 4, "A();\n", false), new CodeBlock("a.md", 11, "B();\n  C();\n", true)],
            blocks);
    }
}
