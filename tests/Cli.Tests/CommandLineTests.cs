using Actors.Cli.Tests.Running;
using Actors.Programs;

namespace Actors.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("Required command", "jobs")]
    [InlineData("Required argument missing", "pools", "close")]
    [InlineData("--connect must be HOST:PORT", "status", "--connect", "somewhere:far")]
    [InlineData("--timeout must be more than 0", "nodes", "--timeout", "0")]
    [InlineData("--count must be from 1 to 1000", "jobs", "list", "pool", "--count", "1001")]
    [InlineData("--join", "worker")]
    [InlineData("Unrecognized command or argument 'starts'", "starts")]
    [InlineData("Unknown option --proceses. Did you mean --processes?", "run", "a.dll", "Square", "3", "--proceses", "4")]
    [InlineData("There is no file", "run", "a.dll", "Greet", "--", "--proceses")]
    [InlineData("--job-timeout must be more than 0", "run", "a.dll", "Square", "--job-timeout", "NaN")]
    public async Task CommandLine_Invalid_ExitsWithTwoAndOneLineOnStandardError(string message, params string[] args)
    {
        var run = await Tool.RunAsync(args);

        run.RequireFailure(ExitCode.InvalidCommandLine, message);
    }

    [Theory]
    [InlineData("status", "statsu")]
    [InlineData("list", "jobs", "lost", "invoices")]
    [InlineData("--connect", "nodes", "--conect", "127.0.0.1:4053")]
    public async Task CommandLine_MisspelledName_SuggestsTheRightOne(string right, params string[] args)
    {
        var run = await Tool.RunAsync(args);

        run.RequireFailure(ExitCode.InvalidCommandLine, "Did you mean");
        Assert.Contains(right, run.Errors.Split('\n', StringSplitOptions.TrimEntries));
    }

    [Theory]
    [InlineData("run", "/nonexistent/a.dll", "Square")]
    [InlineData("bundle", "/nonexistent/a.dll")]
    [InlineData("run", "a.dll", "Square", "--map", "/nonexistent/lines")]
    [InlineData("nodes", "--key-file", "/nonexistent/key")]
    [InlineData("nodes", "--tls", "/nonexistent/tls")]
    [InlineData("chaos", "--plan", "/nonexistent/plan.conf")]
    [InlineData("coordinator", "--config", "/nonexistent/a.conf")]
    [InlineData("coordinator", "--postgres-file", "/nonexistent/connection")]
    [InlineData("coordinator", "--store-assembly", "/nonexistent/Store.dll")]
    [InlineData("worker", "--join", "127.0.0.1:1", "--settings", "/nonexistent/settings.json")]
    public async Task CommandLine_MissingFile_ExitsWithTwo(params string[] args) =>
        Assert.Equal(ExitCode.InvalidCommandLine, (await Tool.RunAsync(args)).ExitCode);

    [Theory]
    [InlineData("is not HOCON", "--config", "akka = ${missing}")]
    [InlineData("has no valid connection string", "--postgres-file", "secret;Host")]
    [InlineData("has no valid connection string", "--postgres-file", "Username=secret")]
    [InlineData("(--store-assembly) cannot be loaded", "--store-assembly", "secret")]
    [InlineData("--store-settings-file has no effect", "--store-settings-file", "secret")]
    public async Task Coordinator_FileWithWrongContent_ExitsWithTwoAndHidesTheContent(string message, string option, string content)
    {
        var file = TestFiles.GetPath($"{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(file, content);

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var run = await Tool.RunAsync(["coordinator", "--port", $"{RunningCluster.FindFreePort()}", option, file], timeout.Token);

        run.RequireFailure(ExitCode.InvalidCommandLine, message);
        Assert.DoesNotContain("secret", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ACTORS_KEY_FILE", "nodes")]
    [InlineData("ACTORS_TLS_DIRECTORY", "coordinator", "--port", "1")]
    public async Task Environment_MissingFile_ExitsWithTwoAndNamesTheVariable(string variable, params string[] args) =>
        (await Tool.RunProcessAsync(new() { [variable] = "/nonexistent/file" }, args))
            .RequireFailure(ExitCode.InvalidCommandLine, $"Check {variable}.");

    [Fact]
    public async Task Help_OfACommand_HasTheNameOfTheTool()
    {
        var run = await Tool.RunAsync("jobs", "list", "--help");

        Assert.Contains("actors jobs list <pool> [options]", run.Answer, StringComparison.Ordinal);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Commands_WithAnAnswer_AllHaveTheJsonOption()
    {
        string[] withoutAnswer = ["coordinator", "worker", "completion"];

        Assert.All(
            ToolCommand.Create([]).Subcommands.SelectMany(command => command.Subcommands.Count == 0 ? [command] : command.Subcommands),
            command => Assert.NotEqual(
                withoutAnswer.Contains(command.Name), command.Options.Any(option => option.Name == "--json")));
    }
}
