using System.CommandLine;
using System.Reflection;
using System.Security.Authentication;
using Actors.Programs;

namespace Actors.Runner;

/// <summary>The command line of <c>run</c>.</summary>
internal sealed class RunCommand
{
    /// <summary>Exit code: the user has stopped the command.</summary>
    private const int Interrupted = 130;

    private const double LongestJobSeconds = 2_000_000;

    private readonly Argument<FileInfo> _assembly = new("assembly")
    {
        Description = "The .dll file of a program or library, with its dependencies beside it.",
    };

    private readonly Argument<string> _method = new("method")
    {
        Description = "A public static method: NAMESPACE.TYPE.METHOD, or METHOD if only one type has it.",
    };

    private readonly Argument<string[]> _arguments = new("argument")
    {
        Description = "The arguments: texts as they are, values of other types as JSON.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _map = new("--map")
    {
        Description = "A file; - is standard input. The method is called once for each line, which is its first argument. Default: one "
            + "call.",
    };

    private readonly Option<string?> _connect = new("--connect")
    {
        Description = "The address HOST:PORT of a coordinator, or a comma-separated list of several. Default: a pool on this machine.",
    };

    private readonly Option<int> _processes = ProgramOptions.AddCheck(
        new Option<int>("--processes")
        {
            Description = "The number of workers. Default: 1 for one call; otherwise one for each processor, or every slot of the cluster.",
        },
        count => count is < 0 or > 4096 ? "--processes must be from 0 to 4096." : null);

    private readonly Option<double?> _timeout = ProgramOptions.AddCheck(
        new Option<double?>("--job-timeout")
        {
            Description = "The time, in seconds, after which a call is ended. More than 0. Default: no limit.",
        },
        seconds => seconds is <= 0 or > LongestJobSeconds ? "--job-timeout must be more than 0." : null);

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
        command.SetAction(run ?? RunAsync);
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
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception exception) when (exception is InvalidCallException or NotCarriedException or FormatException)
        {
            return await ReportErrorAsync(exception, ExitCode.InvalidCommandLine).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is CoordinatorUnreachableException or AuthenticationException)
        {
            return await ReportErrorAsync(exception, ExitCode.Unreachable).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or CoordinatorLostException or StorageException
            or PoolFailedException or IOException or UnauthorizedAccessException)
        {
            return await ReportErrorAsync(exception, ExitCode.Failure).ConfigureAwait(false);
        }
    }

    private async Task<int> CallMethodAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var constants = parsed.GetValue(_arguments) ?? [];
        var lines = parsed.GetValue(_map) is { } map ? await ReadLinesAsync(map, cancellationToken).ConfigureAwait(false) : null;
        var method = FunctionSearch.FindMethod(
            Assembly.Load(Path.GetFileNameWithoutExtension(ReadAssembly(parsed).Name)), parsed.GetValue(_method)!,
            constants.Length + (lines is null ? 0 : 1));
        // All lines are converted before the first call.
        var calls = lines is null
            ? [ArgumentTexts.ReadArguments(method, constants)]
            : lines.Select(line => ArgumentTexts.ReadArguments(method, [line, .. constants])).ToList();
        _link.SetVariables(parsed);
        var processes = parsed.GetResult(_processes) is null && lines is null ? 1 : parsed.GetValue(_processes);
        var view = new RunView(parsed.GetValue(JsonAnswer.Option), calls.Count, method.Name);
        var options = new JobOptions { Timeout = parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null };
        var run = new FunctionRun(CallableMethod.FromMethod(method), options, view.AddEnded);
        using var error = Console.OpenStandardError();
        var pool = await ProcessPool.StartAsync(
            processes, parsed.GetValue(_connect), new PoolOptions { Output = error, Name = method.Name }, cancellationToken)
            .ConfigureAwait(false);
        await using var ending = pool.ConfigureAwait(false);
        return await view.ShowAsync(run.RunCallsAsync(pool, calls, cancellationToken)).ConfigureAwait(false);
    }

    private static async Task<string[]> ReadLinesAsync(string file, CancellationToken cancellationToken)
    {
        if (file != "-")
            return await File.ReadAllLinesAsync(file, cancellationToken).ConfigureAwait(false);
        var lines = new List<string>();
        while (await Console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            lines.Add(line);
        return [.. lines];
    }

    private static async Task<int> ReportErrorAsync(Exception exception, int exitCode)
    {
        await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
        return exitCode;
    }
}
