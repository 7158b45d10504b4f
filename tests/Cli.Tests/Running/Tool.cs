using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;

namespace Actors.Cli.Tests.Running;

/// <summary>Runs commands of the tool in this process.</summary>
internal static class Tool
{
    /// <summary>Runs a command to its end.</summary>
    public static Task<ToolRun> RunAsync(params string[] args) => RunAsync(args, CancellationToken.None);

    /// <summary>Runs a command in a process of its own, with variables of its environment.</summary>
    public static async Task<ToolRun> RunProcessAsync(Dictionary<string, string> environment, params string[] args)
    {
        using var process = Process.Start(CreateStart(environment, args))!;
        var (answer, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new ToolRun(process.ExitCode, await answer, await errors);
    }

    /// <summary>Creates the start of a command in a process of its own.</summary>
    public static ProcessStartInfo CreateStart(Dictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Actors.Cli.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>Runs a command to its end, or until it is told to stop.</summary>
    public static Task<ToolRun> RunAsync(string[] args, CancellationToken stop) => RunAsync(args, new StringWriter(), stop);

    /// <summary>Runs a command whose answer is read while it runs.</summary>
    public static async Task<ToolRun> RunAsync(string[] args, TextWriter answer, CancellationToken stop)
    {
        using var errors = new StringWriter();
        var exitCode = await ToolCommand.RunAsync(args, new InvocationConfiguration { Output = answer, Error = errors }, stop);
        return new ToolRun(exitCode, answer.ToString() ?? "", errors.ToString());
    }
}

/// <summary>A command that has ended.</summary>
internal sealed record ToolRun(int ExitCode, string Answer, string Errors)
{
    /// <summary>Parses the answer of a command with <c>--json</c> that has succeeded.</summary>
    public JsonElement ReadJson(int exitCode = 0)
    {
        Assert.True(ExitCode == exitCode, $"{ExitCode}: {Errors}{Answer}");
        Assert.Equal("", Errors);
        Assert.Single(Answer.TrimEnd('\n').Split('\n'));
        return JsonDocument.Parse(Answer).RootElement;
    }

    /// <summary>Requires a failure with a message, and no answer.</summary>
    public void RequireFailure(int exitCode, string message)
    {
        Assert.Equal((exitCode, ""), (ExitCode, Answer));
        Assert.Contains(message, Errors, StringComparison.Ordinal);
    }
}
