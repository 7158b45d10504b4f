namespace Actors.Publish.Tests;

/// <summary>
/// Each form in which .NET can run a program works, or the library explains in one sentence which property to change.
/// </summary>
public sealed class PublishedFormTests
{
    internal const string Everything = """
        own type: Ann
        map: 7,14,21
        star map: x1,y2
        queue: Bob
        dictionary: five
        array: 9
        exception: mine
        process: 0
        instance: Hi you
        service: 4
        imap: 012
        done
        """;

    [PublishFact]
    public async Task FileBasedProgram_OwnTypes_AreSerialized()
    {
        using var program = UserProgram.File();

        Expect(Everything, await program.DotNetAsync("run", "app.cs"));
    }

    [PublishFact]
    public async Task ProjectWithPublishAot_OwnTypes_AreSerializedByDotNetRun()
    {
        using var program = UserProgram.CSharp("<PublishAot>true</PublishAot>");

        Expect(Everything, await program.DotNetAsync("run"));
    }

    [PublishTheory]
    [InlineData]
    [InlineData("-p:PublishReadyToRun=true")]
    public async Task SelfContainedProgram_MachineWithoutDotNet_Runs(params string[] arguments)
    {
        using var program = UserProgram.CSharp();

        Expect("", await program.PublishAsync(["-r", "linux-x64", "--self-contained", .. arguments]));
        Expect(Everything, await program.RunWithoutDotNetAsync());
    }

    [PublishTheory]
    [InlineData]
    [InlineData("-p:PublishReadyToRun=true")]
    public async Task FrameworkDependentProgram_WithARuntimeIdentifier_Runs(params string[] arguments)
    {
        using var program = UserProgram.CSharp();

        Expect("", await program.PublishAsync(["-r", "linux-x64", "--self-contained", "false", .. arguments]));
        Expect(Everything, await program.RunPublishedAsync());
    }

    [PublishTheory]
    [InlineData("PublishSingleFile")]
    [InlineData("PublishTrimmed")]
    [InlineData("PublishAot")]
    public async Task Publish_UnsupportedForm_FailsWithOneErrorThatNamesTheProperty(string property)
    {
        using var program = UserProgram.CSharp();

        ExpectRefusal(property, await program.PublishAsync("-r", "linux-x64", $"-p:{property}=true"));
    }

    [PublishTheory]
    [InlineData("PublishSingleFile")]
    [InlineData("PublishTrimmed")]
    public async Task Program_UnsupportedProjectProperty_NamesThePropertyToChange(string property)
    {
        using var program = UserProgram.CSharp($"<{property}>true</{property}>");

        Assert.Equal(0, (await program.PublishAsync("-r", "linux-x64")).ExitCode);
        var (exitCode, text) = await program.RunPublishedAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains($"set {property} to false in the project", text, StringComparison.Ordinal);
        Assert.DoesNotContain("own type", text, StringComparison.Ordinal);
    }

    internal static void Expect(string expected, (int ExitCode, string Text) run)
    {
        Assert.True(run.ExitCode == 0, run.Text);
        Assert.Contains(expected.ReplaceLineEndings("\n"), run.Text, StringComparison.Ordinal);
    }

    internal static void ExpectRefusal(string property, (int ExitCode, string Text) publish)
    {
        Assert.NotEqual(0, publish.ExitCode);
        var errors = publish.Text.Split('\n').Where(line => line.Contains(" error ", StringComparison.Ordinal)).Distinct();
        var refusal = $"error ACTORS001: A program that uses Actors cannot be published with {property}:";
        Assert.All(errors, error => Assert.Contains(refusal, error, StringComparison.Ordinal));
        Assert.Contains("ACTORS001", publish.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("NETSDK", publish.Text, StringComparison.Ordinal);
    }
}
