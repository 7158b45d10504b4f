using System.ComponentModel;

namespace Actors.Programs;

/// <summary>Reports the errors of a command's input and of the system, without a stack trace.</summary>
public static class CommandErrors
{
    /// <summary>Runs a command.</summary>
    /// <param name="errors">Receives the message of an error.</param>
    /// <param name="command">Runs the command and returns its exit code.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ReportErrorsAsync(TextWriter errors, Func<Task<int>> command)
    {
        try
        {
            return await command().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (UnusableFileException exception)
        {
            return await WriteErrorAsync(errors, exception.Message, ExitCode.InvalidCommandLine).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException and not ObjectDisposedException
            or TimeoutException or IOException or UnauthorizedAccessException or Win32Exception)
        {
            return await WriteErrorAsync(errors, exception.Message, ExitCode.Failure).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // An error of this program: its developers need the stack trace.
            return await WriteErrorAsync(errors, $"Unhandled exception: {exception}", ExitCode.Failure).ConfigureAwait(false);
        }
    }

    private static async Task<int> WriteErrorAsync(TextWriter errors, string message, int exitCode)
    {
        await errors.WriteLineAsync(message).ConfigureAwait(false);
        return exitCode;
    }
}
