using Actors.Cli.Tests.Running;
using Actors.Programs;

namespace Actors.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("Required command", "jobs")]
    [InlineData("--connect must be HOST:PORT", "status", "--connect", "somewhere:far")]
    [InlineData("--timeout must be more than 0", "nodes", "--timeout", "0")]
    [InlineData("--count must be from 1 to 1000", "jobs", "list", "pool", "--count", "1001")]
    [InlineData("--join", "worker")]
    [InlineData("Unrecognized command or argument 'starts'", "starts")]
    public async Task CommandLine_Invalid_ExitsWithTwoAndOneLineOnStandardError(string message, params string[] args)
    {
        var run = await Tool.RunAsync(args);

        run.RequireFailure(ExitCode.InvalidCommandLine, message);
    }

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
