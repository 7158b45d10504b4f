using System.Diagnostics;
using System.Globalization;

namespace Actors.Compose.Tests.Programs;

/// <summary>Runs programs and waits for their exit.</summary>
internal static class Command
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>Runs a program and returns its standard output followed by its standard error.</summary>
    /// <exception cref="CommandFailedException">The program did not exit with 0.</exception>
    public static Task<string> RunAsync(string program, params IReadOnlyList<string> arguments) => RunWithAsync([], program, arguments);

    /// <summary>Runs a program with changed environment variables. Null removes a variable.</summary>
    public static async Task<string> RunWithAsync(
        Dictionary<string, string?> environment, string program, params IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true
        };
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Longest);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var text = await output + await errors;
        return process.ExitCode == 0
            ? text
            : throw new CommandFailedException(
                string.Create(
                    CultureInfo.InvariantCulture, $"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}:\n{text}"));
    }
}

/// <summary>A program did not exit with 0.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
