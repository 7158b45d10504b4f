using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.CommandLine;
using System.Security.Authentication;
using Actors.Cli.Output;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;
using Spectre.Console.Rendering;

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

    private readonly Option<double> _timeout = CreateTimeout();

    private readonly LinkOptions _link = new();
    private readonly ConcurrentDictionary<string, bool> _reported = new();

    /// <summary>Creates the option for the time that a coordinator has to answer.</summary>
    public static Option<double> CreateTimeout() => ProgramOptions.AddCheck(
        new Option<double>("--timeout")
        {
            Description = "The time, in seconds, that a coordinator has to answer. More than 0.",
            DefaultValueFactory = _ => 10,
        },
        seconds => seconds is > 0 and < 1e6 ? null : "--timeout must be more than 0.");

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
        ParseResult parsed, IReadOnlyList<HostPort> coordinators, CancellationToken cancellationToken)
    {
        var link = _link.ReadSettings(parsed);
        var warnings = new[] { link.Key?.Exposure, link.Tls?.Exposure }.OfType<string>();
        foreach (var warning in warnings.Where(text => _reported.TryAdd(text, true)))
            parsed.InvocationConfiguration.Error.WriteLine(warning);
        return OperatorSession.ConnectToAnyAsync(
            coordinators, link, TimeSpan.FromSeconds(parsed.GetValue(_timeout)), cancellationToken);
    }

    /// <summary>Connects to all coordinators that answer.</summary>
    public Task<OpenSessions> OpenSessionsAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        OpenSessions.ConnectAsync(ReadCoordinators(parsed), (at, token) => ConnectAsync(parsed, [at], token), cancellationToken);

    /// <summary>Runs a command that lists something of all coordinators.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="ask">Asks one coordinator.</param>
    /// <param name="createRows">Creates the rows of all answers.</param>
    /// <param name="createTable">Creates the table of the rows.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    /// <returns>The exit code: failure if a coordinator does not answer.</returns>
    public Task<int> ListAllAsync<T, TRow>(
        ParseResult parsed, Func<OperatorSession, Task<ImmutableArray<T>>> ask, Func<IEnumerable<T>, IReadOnlyList<TRow>> createRows,
        Func<IReadOnlyList<TRow>, IRenderable> createTable, CancellationToken cancellationToken) =>
        ReportErrorsAsync(parsed, async output =>
        {
            var sessions = await OpenSessionsAsync(parsed, cancellationToken).ConfigureAwait(false);
            await using var closing = sessions.ConfigureAwait(false);
            var (answers, problems) = await sessions.AskAllAsync(ask).ConfigureAwait(false);
            output.Write(createRows(answers.SelectMany(answer => answer)), createTable);
            foreach (var problem in problems)
                await output.Errors.WriteLineAsync(problem).ConfigureAwait(false);
            return problems.Count == 0 ? ExitCode.Success : ExitCode.Failure;
        });

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

    /// <summary>Runs a command that connects to coordinators. The errors of connections are written with their remedy.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ReportErrorsAsync(ParseResult parsed, Func<CommandOutput, Task<int>> command)
    {
        var output = new CommandOutput(parsed);
        try
        {
            return await command(output).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NoCoordinatorException or AuthenticationException or OtherVersionException)
        {
            await output.Errors.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.Unreachable;
        }
    }
}
