using System.CommandLine;
using System.Reflection;
using System.Security.Authentication;
using Actors.Programs;

namespace Actors.Runner;

/// <summary>The command line of <c>run</c>.</summary>
public sealed class RunCommand
{
    private const double LongestJobSeconds = 2_000_000;
    private const string StandardInput = "-";

    private readonly Argument<FileInfo> _assembly = new("assembly")
    {
        Description = "The .dll file of a program or library, with its dependencies beside it.",
    };

    private readonly Argument<string> _method = new("method")
    {
        Description = "A public static method: NAMESPACE.TYPE.METHOD, or the end of it, such as METHOD, if only one method has it. "
            + "'TYPE.METHOD(int, string)' chooses one of several overloads.",
    };

    private readonly Argument<string[]> _arguments = new("argument")
    {
        Description = "The arguments: texts as they are, values of other types as JSON.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _map = ProgramOptions.AddCheck(
        new Option<string?>("--map")
        {
            Description = "A file; - is standard input. The method is called once for each line, which is its first argument. Default: "
                + "one call.",
        },
        file => file is null or StandardInput || File.Exists(file) ? null : $"There is no file {file} (--map).");

    private readonly Option<string?> _connect = new("--connect")
    {
        Description = "The address HOST:PORT of a coordinator, or a comma-separated list of several. Default: a pool on this machine.",
    };

    private readonly Option<int> _processes = ProgramOptions.AddCheck(
        new Option<int>("--processes")
        {
            Description = "The number of workers. Default: 1 for one call; otherwise one for each processor, or every slot of the cluster.",
        },
        count => count is < 0 or > ProcessPool.MaxLocalProcesses
            ? $"--processes must be from 0 to {ProcessPool.MaxLocalProcesses}."
            : null);

    private readonly Option<double?> _timeout = ProgramOptions.AddCheck(
        new Option<double?>("--job-timeout")
        {
            Description = "The time, in seconds, after which a call is ended. More than 0, at most 2000000. Default: no limit.",
        },
        seconds => seconds is null or (> 0 and <= LongestJobSeconds) ? null
            : $"--job-timeout must be more than 0 and at most {LongestJobSeconds}.");

    private readonly LinkOptions _link = new();

    /// <summary>Creates the command.</summary>
    /// <param name="run">Runs the parsed command instead.</param>
    public Command CreateCommand(Func<ParseResult, CancellationToken, Task<int>>? run = null)
    {
        var command = new Command(
            "run",
            "Calls a method of an assembly in a pool, on this machine or on a cluster, and writes its result. The output of the method "
                + "goes to standard error. The exit code is 1 if a call failed, and 130 after Ctrl+C.")
        {
            _assembly, _method, _arguments, _map, _connect, _processes, _timeout, JsonAnswer.Option,
        };
        _link.AddTo(command);
        command.SetAction(async (parsed, token) =>
        {
            if (UnknownOptions.FindError(parsed, parsed.GetValue(_arguments) ?? []) is not { } error)
                return await (run ?? RunAsync)(parsed, token).ConfigureAwait(false);
            await parsed.InvocationConfiguration.Error.WriteLineAsync(error).ConfigureAwait(false);
            return ExitCode.InvalidCommandLine;
        });
        return command;
    }

    /// <summary>Gets the assembly of a command line.</summary>
    public FileInfo ReadAssembly(ParseResult parsed) => parsed.GetValue(_assembly)!;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var stop = new StopSignals(cancellationToken);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = stop.Requested.ContinueWith(_ => stopping.CancelAsync(), TaskScheduler.Default);
        try
        {
            return await CallMethodAsync(parsed, stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidCallException or NotCarriedException or FormatException)
        {
            return await ReportErrorAsync(exception, ExitCode.InvalidCommandLine).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is CoordinatorUnreachableException or AuthenticationException)
        {
            return await ReportErrorAsync(exception, ExitCode.Unreachable).ConfigureAwait(false);
        }
        catch (CoordinatorLostException exception)
        {
            return await ReportErrorAsync(exception, ExitCode.Failure).ConfigureAwait(false);
        }
    }

    private async Task<int> CallMethodAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var constants = parsed.GetValue(_arguments) ?? [];
        var map = parsed.GetValue(_map);
        var method = FindMethod(parsed, constants.Length + (map is null ? 0 : 1));
        var lines = map is null ? null : await ReadLinesAsync(map, cancellationToken).ConfigureAwait(false);
        // All lines are converted before the first call.
        var calls = lines is null
            ? [ArgumentTexts.ReadArguments(method, constants)]
            : lines.Select((line, index) => ArgumentTexts.ReadArguments(method, [line, .. constants], index + 1)).ToList();
        if (parsed.GetValue(_connect) is not null)
            _link.ReadSettings(parsed);
        _link.SetVariables(parsed);
        var processes = parsed.GetResult(_processes) is null && lines is null ? 1 : parsed.GetValue(_processes);
        var function = CallableMethod.FromMethod(method);
        var view = new RunView(
            new CallSeries(method.Name, calls.Count, IsMap: lines is not null, function.HasResult), parsed.GetValue(JsonAnswer.Option),
            Console.Out, Console.Error);
        var options = new JobOptions { Timeout = parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null };
        var run = new FunctionRun(function, options, view.AddEnded);
        using var error = Console.OpenStandardError();
        var pool = await ProcessPool.StartAsync(
            processes, parsed.GetValue(_connect), new PoolOptions { Output = error, Name = method.Name }, cancellationToken)
            .ConfigureAwait(false);
        await using var ending = pool.ConfigureAwait(false);
        return await view.ShowAsync(run.RunCallsAsync(pool, calls, cancellationToken)).ConfigureAwait(false);
    }

    private MethodInfo FindMethod(ParseResult parsed, int count)
    {
        var file = ReadAssembly(parsed);
        try
        {
            return FunctionSearch.FindMethod(
                Assembly.Load(Path.GetFileNameWithoutExtension(file.Name)), parsed.GetValue(_method)!, count);
        }
        catch (Exception exception) when (exception is TypeLoadException or IOException or BadImageFormatException)
        {
            throw new UnusableFileException(
                $"The types of {file.FullName} cannot be loaded: {exception.Message} Pass the assembly of a build or of dotnet publish, "
                + "with all its dependencies beside it.", exception);
        }
    }

    private static async Task<string[]> ReadLinesAsync(string file, CancellationToken cancellationToken)
    {
        // The console ignores a token while it waits for a line.
        if (file == StandardInput)
        {
            return await Task.Run(() => ReadLines(Console.In).ToArray(), cancellationToken).WaitAsync(cancellationToken)
                .ConfigureAwait(false);
        }

        try
        {
            return await File.ReadAllLinesAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnusableFileException($"The file {file} (--map) cannot be read: {exception.Message}", exception);
        }
    }

    private static IEnumerable<string> ReadLines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static async Task<int> ReportErrorAsync(Exception exception, int exitCode)
    {
        await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
        return exitCode;
    }
}
