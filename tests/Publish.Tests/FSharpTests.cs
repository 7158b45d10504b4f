namespace Actors.Publish.Tests;

/// <summary>F# programs with module-level values, which the compiler stores in static fields.</summary>
public sealed class FSharpTests
{
    [PublishTheory]
    [InlineData("Debug")]
    [InlineData("Release")]
    public async Task Program_TwoFiles_AwaitsHandlesAndUsesModuleValuesOfOtherFiles(string configuration)
    {
        using var program = UserProgram.FSharp();

        var (exitCode, text) = await program.DotNetAsync("run", "-c", configuration);

        Assert.True(exitCode == 0, text);
        var refused = "cannot be called in another process: it uses factor, a value of the program's last file.";
        foreach (var name in new[] { "lambda", "function", "through another", "interface", "method", "task", "sequence" })
            Assert.Matches($"(?m)^{name}: .*{refused.Replace(".", "\\.", StringComparison.Ordinal)}", text);
        Assert.Contains("other file: [|101; 102; 103|]\n", text, StringComparison.Ordinal);
        Assert.Contains("class of other file: [|12; 13; 14|]\n", text, StringComparison.Ordinal);
        Assert.Contains("argument: [|7; 14; 21|]\n", text, StringComparison.Ordinal);
        Assert.Contains("call: [|42; 5|]\n", text, StringComparison.Ordinal);
        Assert.Contains("failing call: [|3|]\n", text, StringComparison.Ordinal);
        Assert.Contains("none: [|2; 4; 6|]\n", text, StringComparison.Ordinal);
    }

    /// <summary>The compiler gives the values of such a program type initializers, which run in each worker.</summary>
    [PublishTheory]
    [InlineData("Debug", "")]
    [InlineData("Release", "")]
    [InlineData("Debug", "<OtherFlags>--realsig+</OtherFlags>")]
    [InlineData("Release", "<OtherFlags>--realsig+</OtherFlags>")]
    public async Task Program_EntryPointAndThreeFiles_UsesModuleValuesOfEachFile(string configuration, string properties)
    {
        using var program = UserProgram.FSharpWithEntryPoint(properties);

        var (exitCode, text) = await program.DotNetAsync("run", "-c", configuration);

        Assert.True(exitCode == 0, text);
        Assert.Contains("lambda: [|7; 14; 21|]\n", text, StringComparison.Ordinal);
        Assert.Contains("function: [|7; 14; 21|]\n", text, StringComparison.Ordinal);
        Assert.Contains("computed: [|112; 113; 114|]\n", text, StringComparison.Ordinal);
        Assert.Contains("nested: [|6; 7; 8|]\n", text, StringComparison.Ordinal);
        Assert.Contains("other file: [|111; 112; 113|]\n", text, StringComparison.Ordinal);
        Assert.Contains("table: [|101; 10|]\n", text, StringComparison.Ordinal);
        Assert.Contains("class: [|8; 16; 24|]\n", text, StringComparison.Ordinal);
        Assert.Contains("assigned in main: [|2; 3; 4|]\n", text, StringComparison.Ordinal);
    }
}
