using System.Diagnostics;
using Actors.Cli.Tests.Running;
using Actors.Programs;

namespace Actors.Cli.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("dra", "drain")]
    [InlineData("jobs ", "cancel delete list retry show")]
    [InlineData("pools ", "close")]
    [InlineData("pools close --canc", "--cancel-pending")]
    [InlineData("status --conn", "--connect")]
    public async Task Suggest_BeginningOfALine_CompletesIt(string line, string expected)
    {
        var run = await Tool.RunAsync($"[suggest:{line.Length}]", line);

        var words = run.Answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => line.Contains('-') || word[0] is not ('-' or '/'));
        Assert.Equal(expected, string.Join(' ', words.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _actors actors")]
    [InlineData("zsh", "compdef _actors actors")]
    [InlineData("fish", "complete -c actors")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_OfAShell_WritesItsScript(string shell, string line)
    {
        var run = await Tool.RunAsync("completion", shell);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains(line, run.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_UnknownShell_ExitsWithTwoAndNamesTheKnownOnes() =>
        (await Tool.RunAsync("completion", "tcsh")).RequireFailure(ExitCode.InvalidCommandLine, "'bash'");

    /// <summary>The script in a real bash, without a command that the bash of macOS lacks.</summary>
    [Fact]
    public async Task Completion_InBash_CompletesTheWordBeforeTheCursor()
    {
        if (OperatingSystem.IsWindows())
            return;
        var script = (await Tool.RunAsync("completion", "bash")).Answer + """
            enable -n mapfile
            actors() { dotnet exec "$TOOL" "$@"; }
            COMP_LINE="actors jobs li pool" COMP_POINT=14
            _actors
            echo "${COMPREPLY[@]}"
            """;
        var start = new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true };
        start.Environment["TOOL"] = Path.Combine(AppContext.BaseDirectory, "Actors.Cli.dll");

        using var bash = Process.Start(start)!;

        Assert.Equal("list\n", await bash.StandardOutput.ReadToEndAsync());
        await bash.WaitForExitAsync();
    }
}
