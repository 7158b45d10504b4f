using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Programs;

/// <summary>The command-line options of the programs of all roles. They are checked before the program starts.</summary>
/// <param name="configName">The name of the HOCON file that the program loads, for the help text.</param>
/// <param name="defaultPort">The default port. If it is 0 (any free port), 0 can be chosen too.</param>
public sealed class ProgramOptions(string configName, int defaultPort)
{
    private readonly Option<string> _host = AddCheck(
        new Option<string>("--host")
        {
            Description = "The host name or address at which other programs reach this one, and on which it listens.",
            DefaultValueFactory = _ => "127.0.0.1",
        },
        host => IsHost(host) ? null : "--host must be a host name or an address.");

    private readonly Option<string?> _bind = AddCheck(
        new Option<string?>("--bind")
        {
            Description = "The address to listen on, such as 0.0.0.0 in a container whose port is published. Default: the value of --host.",
        },
        bind => bind is null || IsHost(bind) ? null : "--bind must be a host name or an address.");

    private readonly Option<int> _port = AddCheck(
        new Option<int>("--port")
        {
            Description = $"The port to listen on. From {Math.Min(defaultPort, 1)} to 65535"
                + $"{(defaultPort == 0 ? "; 0 is any free port" : "")}.",
            DefaultValueFactory = _ => defaultPort,
        },
        port => port < Math.Min(defaultPort, 1) || port > 65535 ? $"--port must be from {Math.Min(defaultPort, 1)} to 65535." : null);

    private readonly Option<FileInfo?> _config = AddCheck(
        new Option<FileInfo?>("--config")
        {
            Description = $"A HOCON file whose keys override those of config/{configName} and config/common.conf. Default: none.",
        },
        file => file is null ? null : FindReadError(file) ?? RoleConfiguration.FindError(file));

    private readonly LinkOptions _link = new();

    private readonly Option<FileInfo?> _ready =
        new("--ready-file") { Description = "A file that exists while this program is in its cluster, for health checks. Default: none." };

    /// <summary>Creates an option for a file that must exist.</summary>
    public static Option<FileInfo?> ExistingFile(string name, string description) => AddCheck(
        new Option<FileInfo?>(name) { Description = description }, file => file is null ? null : FindReadError(file));

    /// <summary>Creates an option for a file with a key. The file is read to check it.</summary>
    public static Option<FileInfo?> KeyFile(string name, string description) =>
        AddCheck(new Option<FileInfo?>(name) { Description = description }, file => FindError(() => AccessKey.ReadFile(file?.FullName)));

    /// <summary>Adds a check of its value to an option.</summary>
    /// <param name="option">The option.</param>
    /// <param name="check">Describes the error in a value; null for none.</param>
    public static Option<T> AddCheck<T>(Option<T> option, Func<T?, string?> check)
    {
        option.Validators.Add(given =>
        {
            string? error = null;
            // The parser itself reports a value of another type.
            if (FindError(() => error = check(given.GetValueOrDefault<T>())) is null && error is not null)
                given.AddError(error);
        });
        return option;
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _host, _bind, _port, _config, _ready })
            command.Options.Add(option);
        _link.AddTo(command);
    }

    /// <summary>Whether this program has a key.</summary>
    public bool HasKey(CommandResult given) => _link.HasKey(given);

    /// <summary>Reads the settings from a parsed command line.</summary>
    public ProgramSettings ReadSettings(ParseResult parsed)
    {
        var (key, tls, isInsecure) = _link.ReadSettings(parsed);
        return new ProgramSettings(
            new HostPort(parsed.GetValue(_host)!, parsed.GetValue(_port)), parsed.GetValue(_config), key, tls, isInsecure,
            parsed.GetValue(_ready), parsed.GetValue(_bind));
    }

    /// <summary>Runs the program, or reports the errors in its command line.</summary>
    /// <param name="command">The command line.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="configuration">Where the output goes; null for the console.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>The exit code; 2 for an invalid command line.</returns>
    public static async Task<int> RunCommandAsync(
        RootCommand command, IReadOnlyList<string> args, InvocationConfiguration? configuration = null,
        CancellationToken cancellationToken = default)
    {
        CoreDumps.DisableDumps();
        configuration ??= new InvocationConfiguration();
        if (!TryParse(command, args, out var result, out var error))
        {
            await configuration.Error.WriteLineAsync(error).ConfigureAwait(false);
            return ExitCode.InvalidCommandLine;
        }

        // Errors go to standard error. Standard output stays empty, because a script may read it.
        if (result.Action is ParseErrorAction wrong)
        {
            wrong.ShowHelp = false;
            configuration.Output = configuration.Error;
        }

        // The program handles signals itself: it drains.
        configuration.ProcessTerminationTimeout = null;
        configuration.EnableDefaultExceptionHandler = false;
        var exitCode = await CommandErrors.ReportErrorsAsync(
            configuration.Error, () => result.InvokeAsync(configuration, cancellationToken)).ConfigureAwait(false);
        return result.Errors.Count > 0 ? ExitCode.InvalidCommandLine : exitCode;
    }

    private static bool TryParse(
        RootCommand command, IReadOnlyList<string> args, [NotNullWhen(true)] out ParseResult? result,
        [NotNullWhen(false)] out string? error)
    {
        ParseResult? parsed = null;
        error = FindError(() => parsed = SettingsOption.ParseWithSettings(command, args));
        result = parsed;
        return error is null;
    }

    /// <summary>Finds out why a file cannot be read; null if it can.</summary>
    private static string? FindReadError(FileInfo file)
    {
        if (!file.Exists)
            return $"There is no file {file.FullName}.";
        try
        {
            file.OpenRead().Dispose();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"The file {file.FullName} cannot be read: {exception.Message}";
        }
    }

    private static bool IsHost(string? text) => HostPort.TryParse($"{text}:1", out _);

    /// <summary>Runs a step and returns the message of its error; null for none.</summary>
    public static string? FindError(Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }
}
