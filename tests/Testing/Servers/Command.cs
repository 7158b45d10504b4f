using System.Diagnostics;

namespace Actors.Testing;

/// <summary>Runs the system's commands that cause faults.</summary>
internal static class Command
{
    /// <summary>Runs a command and returns its standard output.</summary>
    /// <exception cref="InvalidOperationException">The command is missing or fails.</exception>
    public static string Run(string program, params string[] arguments)
    {
        var (exitCode, output, errors) = TryRun(program, arguments);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' failed with {exitCode}: {errors.Trim()}");
    }

    /// <summary>Runs a command that may fail. The exit code is -1 if there is no such program.</summary>
    public static (int ExitCode, string Output, string Errors) TryRun(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.Result);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (-1, "", exception.Message);
        }
    }
}
