using System.CommandLine;
using System.Security.Authentication;
using Actors.Cli.Output;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Cli.Operating;

/// <summary>The options of commands for a running cluster, and their connection to it.</summary>
internal sealed class ClusterConnection
{
    private readonly Option<string> _connect = ProgramOptions.AddCheck(
        new Option<string>("--connect")
        {
            Description = "The address HOST:PORT of a coordinator, or a comma-separated list of several.",
            DefaultValueFactory = _ => $"127.0.0.1:{Endpoints.DefaultPort}",
        },
        list => HostPort.TryParseList(list ?? "") is null ? "--connect must be HOST:PORT, or several, separated by commas." : null);

    private readonly Option<double> _timeout = ProgramOptions.AddCheck(
        new Option<double>("--timeout")
        {
            Description = "The time, in seconds, that a coordinator has to answer. More than 0.",
            DefaultValueFactory = _ => 10,
        },
        seconds => seconds is > 0 and < 1e6 ? null : "--timeout must be more than 0.");

    private readonly LinkOptions _link = new();

    /// <summary>Adds the options to a command, with that for JSON.</summary>
    public Command AddTo(Command command)
    {
        command.Options.Add(_connect);
        command.Options.Add(_timeout);
        command.Options.Add(JsonAnswer.Option);
        _link.AddTo(command);
        return command;
    }

    /// <summary>Gets the addresses of the coordinators.</summary>
    public IReadOnlyList<HostPort> ReadCoordinators(ParseResult parsed) => HostPort.ParseList(parsed.GetValue(_connect)!);

    /// <summary>Connects to one of the coordinators.</summary>
    /// <exception cref="TimeoutException">No coordinator answers.</exception>
    public Task<OperatorSession> ConnectAsync(
        ParseResult parsed, IReadOnlyList<HostPort> coordinators, CancellationToken cancellationToken) =>
        OperatorSession.ConnectToAnyAsync(
            coordinators, _link.ReadSettings(parsed), TimeSpan.FromSeconds(parsed.GetValue(_timeout)), cancellationToken);

    /// <summary>Connects to a coordinator and runs a command. Errors are written with their remedy.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> RunInSessionAsync(
        ParseResult parsed, Func<OperatorSession, CommandOutput, Task<int>> command, CancellationToken cancellationToken) =>
        ReportErrorsAsync(parsed, async output =>
        {
            var session = await ConnectAsync(parsed, ReadCoordinators(parsed), cancellationToken).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            return await command(session, output).ConfigureAwait(false);
        });

    /// <summary>Runs a command. Errors are written with their remedy.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ReportErrorsAsync(ParseResult parsed, Func<CommandOutput, Task<int>> command)
    {
        var output = new CommandOutput(parsed);
        try
        {
            return await command(output).ConfigureAwait(false);
        }
        catch (NoCoordinatorException exception)
        {
            await output.Errors.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.Unreachable;
        }
        catch (Exception exception) when (exception is AuthenticationException or OtherVersionException)
        {
            await output.Errors.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.Unreachable;
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            await output.Errors.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.Failure;
        }
    }
}
