using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Hosting;

/// <summary>The options that the programs of all roles have, checked before anything starts.</summary>
/// <param name="configName">The HOCON file that the program loads, for people.</param>
/// <param name="defaultPort">Where it listens when nothing is said; 0 is any port, and may be chosen where it is the default alone.</param>
internal sealed class ProgramOptions(string configName, int defaultPort)
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
            Description = $"The port to listen on. From {Math.Min(defaultPort, 1)} to 65535{(defaultPort == 0 ? "; 0 is any free port" : "")}.",
            DefaultValueFactory = _ => defaultPort,
        },
        port => port < Math.Min(defaultPort, 1) || port > 65535 ? $"--port must be from {Math.Min(defaultPort, 1)} to 65535." : null);

    private readonly Option<FileInfo?> _config = ExistingFile(
        "--config", $"A HOCON file whose keys override those of config/{configName} and config/common.conf. Default: none.");

    private readonly LinkOptions _link = new();

    private readonly Option<FileInfo?> _ready =
        new("--ready-file") { Description = "A file that exists while this program is in its cluster, for health checks. Default: none." };

    /// <summary>A file that must be there when it is named.</summary>
    public static Option<FileInfo?> ExistingFile(string name, string description) => AddCheck(
        new Option<FileInfo?>(name) { Description = description }, file => file is { Exists: false }
            ? $"There is no file {file.FullName}."
            : null);

    /// <summary>A file with a key, which is read to see that it can be.</summary>
    public static Option<FileInfo?> KeyFile(string name, string description) =>
        AddCheck(new Option<FileInfo?>(name) { Description = description }, file => FindError(() => AccessKey.ReadFile(file?.FullName)));

    /// <summary>An option whose value is looked at.</summary>
    /// <param name="option">It.</param>
    /// <param name="check">What is wrong with the value; null for nothing.</param>
    public static Option<T> AddCheck<T>(Option<T> option, Func<T?, string?> check)
    {
        option.Validators.Add(given =>
        {
            string? complaint = null;
            // A value that is not of the option's type cannot be asked for; the parser complains of it.
            if (FindError(() => complaint = check(given.GetValueOrDefault<T>())) is null && complaint is not null)
                given.AddError(complaint);
        });
        return option;
    }

    /// <summary>For a command line.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _host, _bind, _port, _config, _ready })
            command.Options.Add(option);
        _link.AddTo(command);
    }

    /// <summary>Whether this program has a key.</summary>
    public bool HasKey(CommandResult given) => _link.HasKey(given);

    /// <summary>What was given.</summary>
    public ProgramSettings ReadSettings(ParseResult parsed)
    {
        var (key, tls, isInsecure) = _link.ReadSettings(parsed);
        return new ProgramSettings(
            new HostPort(parsed.GetValue(_host)!, parsed.GetValue(_port)), parsed.GetValue(_config), key, tls, isInsecure,
            parsed.GetValue(_ready), parsed.GetValue(_bind));
    }

    /// <summary>Runs the program, or says what is wrong with its command line.</summary>
    /// <returns>The exit code: 2 for a command line that makes no sense.</returns>
    public static async Task<int> RunCommandAsync(RootCommand command, IReadOnlyList<string> args)
    {
        CoreDumps.DisableDumps();
        var result = command.Parse(args);
        // What is wrong, on standard error, and nothing on standard output, which others may read.
        if (result.Action is ParseErrorAction wrong)
            wrong.ShowHelp = false;
        // Signals are the program's own: they drain.
        var exitCode = await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }).ConfigureAwait(false);
        return result.Errors.Count > 0 ? 2 : exitCode;
    }

    private static bool IsHost(string? text) => HostPort.TryParse($"{text}:1", out _);

    /// <summary>What is wrong, if the step cannot be done.</summary>
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
