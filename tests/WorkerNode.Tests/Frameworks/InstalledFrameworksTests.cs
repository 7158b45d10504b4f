using Actors.WorkerNode.Executors;
using Actors.WorkerNode.Frameworks;

namespace Actors.WorkerNode.Tests.Frameworks;

public sealed class InstalledFrameworksTests : IDisposable
{
    private const string Runtime = "Microsoft.NETCore.App";
    private const string Web = "Microsoft.AspNetCore.App";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("dotnet-test-");

    public void Dispose() => _root.Delete(recursive: true);

    /// <summary>The rules are those of <c>hostfxr</c>.</summary>
    [Theory]
    [InlineData("10.0.0", null, "10.0.0", true)]
    [InlineData("10.0.0", null, "10.0.12", true)]
    [InlineData("10.0.0", null, "10.1.0", true)]
    [InlineData("10.0.0", null, "11.0.0", false)]
    [InlineData("10.0.0", null, "9.0.12", false)]
    [InlineData("10.0.5", null, "10.0.4", false)]
    [InlineData("10.0.0", null, "10.0.0-rc.1", false)]
    [InlineData("10.0.0", null, "10.1.0-preview.1", true)]
    [InlineData("10.0.0-rc.1", null, "10.0.0-rc.2", true)]
    [InlineData("10.0.0-rc.1", null, "10.0.3", true)]
    [InlineData("10.0.0", "LatestMinor", "10.2.0", true)]
    [InlineData("10.0.0", "LatestMinor", "11.0.0", false)]
    [InlineData("10.0.0", "LatestPatch", "10.0.7", true)]
    [InlineData("10.0.0", "latestpatch", "10.1.0", false)]
    [InlineData("10.0.0", "Disable", "10.0.0", true)]
    [InlineData("10.0.0", "Disable", "10.0.1", false)]
    [InlineData("10.0.0", "Major", "12.0.0", true)]
    [InlineData("10.0.0", "LatestMajor", "11.2.3", true)]
    [InlineData("10.0.0", "Major", "9.0.0", false)]
    public void RequireFrameworksOf_OneInstalledVersion_FollowsRollForward(
        string needed, string? rollForward, string installed, bool isAccepted)
    {
        Install(Runtime, installed);
        var file = WriteConfiguration(Options(Framework(Runtime, needed), rollForward));

        var refusal = Record.Exception(() => Require(file));

        Assert.Equal(isAccepted ? null : typeof(MissingFrameworkException), refusal?.GetType());
    }

    [Fact]
    public void RequireFrameworksOf_SecondOfTwoIsMissing_NamesItAndTheInstalledVersions()
    {
        Install(Runtime, "10.0.12");
        Install(Web, "9.0.2");
        Install(Web, "9.0.10");
        Install(Web, "no version");
        var file = WriteConfiguration(
            $$"""{ "runtimeOptions": { "frameworks": [ {{Framework(Runtime, "10.0.0")}}, {{Framework(Web, "10.0.0")}} ] } }""");

        var refusal = Assert.Throws<MissingFrameworkException>(() => Require(file));

        Assert.StartsWith(
            $"The program needs the framework {Web} 10.0.0, and worker node n1 has 9.0.2, 9.0.10 in {_root.FullName}. Install",
            refusal.Describe("worker node n1"), StringComparison.Ordinal);
    }

    [Fact]
    public void RequireFrameworksOf_NoVersionIsInstalled_SaysSo()
    {
        Install(Runtime, "10.0.12");
        var file = WriteConfiguration(Options(Framework(Web, "10.0.0"), null));

        var refusal = Assert.Throws<MissingFrameworkException>(() => Require(file));

        Assert.Contains($"this machine has no version of it in {_root.FullName}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireFrameworksOf_RollForwardOfTheEnvironment_HasPrecedence()
    {
        Install(Runtime, "11.0.0");
        var file = WriteConfiguration(Options(Framework(Runtime, "10.0.0"), "Disable"));

        Require(file, "Major");

        var refusal = Assert.Throws<MissingFrameworkException>(() => Require(file));
        Assert.Contains("10.0.0 (rollForward Disable)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireFrameworksOf_RollForwardOfOneFramework_AppliesToItAlone()
    {
        Install(Runtime, "11.0.0");
        Install(Web, "11.0.0");
        var major = """{ "name": "Microsoft.NETCore.App", "version": "10.0.0", "rollForward": "Major" }""";
        var file = WriteConfiguration(
            $$"""{ "runtimeOptions": { "frameworks": [ {{major}}, {{Framework(Web, "10.0.0")}} ] } }""");

        var refusal = Assert.Throws<MissingFrameworkException>(() => Require(file));

        Assert.Contains(Web, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireFrameworksOf_SelfContainedProgram_NeedsNone()
    {
        Install(Runtime, "8.0.0");

        Require(WriteConfiguration($$"""{ "runtimeOptions": { "includedFrameworks": [ {{Framework(Runtime, "10.0.0")}} ] } }"""));
    }

    /// <summary>The .NET host accepts comments and a mark of the byte order, or reports the mistake itself.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("""{ "runtimeOptions": 1 }""")]
    [InlineData("""{ "runtimeOptions": { "framework": [], "frameworks": { } } }""")]
    [InlineData("""{ "runtimeOptions": { "framework": { "name": "\ud800", "version": "10.0.0" } } }""")]
    [InlineData("""{ "runtimeOptions": { "framework": { "name": "Some.App", "version": "10" } } }""")]
    [InlineData("""{ "runtimeOptions": { "rollForward": "Sideways", "framework": { "name": "Some.App", "version": "10.0.0" } } }""")]
    [InlineData("""{ "runtimeOptions": { "rollForward": "3", "framework": { "name": "Some.App", "version": "10.0.0" } } }""")]
    [InlineData("""{ "runtimeOptions": { "applyPatches": true, "framework": { "name": "Some.App", "version": "10.0.0" } } }""")]
    public void RequireFrameworksOf_ConfigurationThatIsNotUnderstood_RefusesNothing(string configuration)
    {
        Install(Runtime, "10.0.12");

        Require(WriteConfiguration(configuration));
    }

    [Fact]
    public void RequireFrameworksOf_CommentsAndByteOrderMark_AreSkipped()
    {
        Install(Runtime, "10.0.12");
        var file = WriteConfiguration($"\uFEFF// The web.\n{Options(Framework(Web, "10.0.0"), null)}");

        Assert.Throws<MissingFrameworkException>(() => Require(file));
    }

    /// <summary>The name comes from a client, which must not see the directories of the node.</summary>
    [Fact]
    public void RequireFrameworksOf_NameThatIsAPath_ListsNoDirectories()
    {
        Install(Runtime, "10.0.12");
        Directory.CreateDirectory(Path.Combine(_root.FullName, "secret", "1.2.3"));
        var file = WriteConfiguration(Options(Framework("../secret", "10.0.0"), null));

        var refusal = Assert.Throws<MissingFrameworkException>(() => Require(file));

        Assert.DoesNotContain("1.2.3", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireFrameworksOf_DirectoryOfDotNetIsUnknown_RefusesNothing()
    {
        var file = WriteConfiguration(Options(Framework(Web, "10.0.0"), null));

        Require(file);
        new InstalledFrameworks(null).RequireFrameworksOf(file, null);
    }

    [Fact]
    public void Root_OfThisProcess_HasItsRuntime()
    {
        var file = WriteConfiguration(Options(Framework(Runtime, $"{Environment.Version}"), "Disable"));

        new InstalledFrameworks(DotNetHost.Root).RequireFrameworksOf(file, null);

        Assert.True(Directory.Exists(Path.Combine(DotNetHost.Root!, "shared", Runtime, $"{Environment.Version}")));
    }

    [Fact]
    public void FindRoot_NameOnPath_IsTheDirectoryBehindTheLink()
    {
        var program = Path.Combine(_root.FullName, "dotnet");
        File.WriteAllText(program, "");
        var links = _root.CreateSubdirectory("bin").FullName;
        File.CreateSymbolicLink(Path.Combine(links, "dotnet"), program);

        Assert.Equal(_root.FullName, DotNetHost.FindRoot("dotnet", $"{Path.PathSeparator}/no/directory{Path.PathSeparator}{links}"));
        Assert.Null(DotNetHost.FindRoot("dotnet", null));
    }

    private static string Framework(string name, string version) => $$"""{ "name": "{{name}}", "version": "{{version}}" }""";

    private static string Options(string framework, string? rollForward)
    {
        var range = rollForward is null ? "" : $"\"rollForward\": \"{rollForward}\", ";
        return $$"""{ "runtimeOptions": { {{range}}"framework": {{framework}} } }""";
    }

    private void Require(string file, string? rollForward = null) =>
        new InstalledFrameworks(_root.FullName).RequireFrameworksOf(file, rollForward);

    private void Install(string name, string version) => _root.CreateSubdirectory(Path.Combine("shared", name, version));

    private string WriteConfiguration(string text)
    {
        var file = Path.Combine(_root.FullName, "app.runtimeconfig.json");
        File.WriteAllText(file, text);
        return file;
    }
}
