using System.CommandLine;
using System.Security.Authentication;
using Actors.Chaos.Injection;
using Actors.Chaos.Plans;
using Actors.Chaos.Reports;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;
using Spectre.Console;

namespace Actors.Chaos;

/// <summary>The command line of <c>chaos</c>.</summary>
public sealed class ChaosCommand
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(1);

    private readonly Option<FileInfo> _plan = new("--plan")
    {
        Description = "The HOCON file with the faults. The directory config/chaos has plans with all keys.",
        Required = true,
    };

    private readonly Option<string> _connect = ProgramOptions.AddCheck(
        new Option<string>("--connect")
        {
            Description = "The address HOST:PORT of a coordinator, or a comma-separated list of several.",
            DefaultValueFactory = _ => $"127.0.0.1:{Endpoints.DefaultPort}",
        },
        list => HostPort.TryParseList(list ?? "") is null ? "--connect must be HOST:PORT, or several, separated by commas." : null);

    private readonly Option<string> _for = ProgramOptions.AddCheck(
        new Option<string>("--for")
        {
            Description = "The duration of the run, such as 90s or 5m. At most 24h.",
            DefaultValueFactory = _ => "5m",
        },
        text => PlanSection.ParseDuration(text) is { } duration && duration > TimeSpan.Zero && duration <= LongestRun
            ? null
            : "--for must be a duration such as 90s or 5m, at most 24h.");

    private readonly Option<FileInfo> _report = new("--report")
    {
        Description = "The file for the report, one HTML page that needs no other file. It is replaced if it exists.",
        DefaultValueFactory = _ => new FileInfo("chaos.html"),
    };

    private readonly Option<long?> _seed = ProgramOptions.AddCheck(
        new Option<long?>("--seed")
        {
            Description = "The seed of the times and targets of faults. The report names it. At least 0. Default: the seed of the plan.",
        },
        seed => seed < 0 ? "--seed must be at least 0." : null);

    private readonly Option<bool> _noLoad = new("--no-load")
    {
        Description = "Injects faults without jobs, queue and lock: then nothing is checked. Default: off.",
    };

    private readonly Option<FileInfo?> _operatorKey = ProgramOptions.KeyFile(
        "--operator-key-file", "A file with the key of operators, as at the coordinators. Default: the key of this user on this machine.");

    private readonly LinkOptions _link = new();

    /// <summary>Creates the command.</summary>
    /// <param name="run">Runs the parsed command.</param>
    public Command CreateCommand(Func<ParseResult, CancellationToken, Task<int>>? run = null)
    {
        var command = new Command(
            "chaos",
            "Breaks a running cluster on purpose: kills, pauses and disconnects its programs by a plan, checks jobs, a queue and a "
                + "lock meanwhile, and writes a report. The programs must run with --allow-chaos. The exit code is 0 if all invariants "
                + "held, 1 if one was violated, a kind of planned fault never happened, a restarted program did not come back or the run "
                + "was stopped, 2 for invalid input or a cluster without --allow-chaos, and 3 if no coordinator answers or one denies "
                + "access.")
        {
            _plan, _connect, _for, _report, _seed, _noLoad, _operatorKey, JsonAnswer.Option,
        };
        _link.AddTo(command);
        command.SetAction(run ?? RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var stop = new StopSignals();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = stop.Requested.ContinueWith(_ => stopping.CancelAsync(), TaskScheduler.Default);
        try
        {
            return await RunPlanAsync(parsed, stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return await ReportErrorAsync("The run was stopped before its first fault; there is no report.", ExitCode.Failure)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AuthenticationException or OtherVersionException or CoordinatorUnreachableException
            or TimeoutException)
        {
            return await ReportErrorAsync(exception.Message, ExitCode.Unreachable).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ChaosPlanException or ChaosRefusedException or CoordinatorLostException
            or DurableStoreException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return await ReportErrorAsync(exception.Message, ExitCode.InvalidCommandLine).ConfigureAwait(false);
        }
    }

    private async Task<int> RunPlanAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(_plan)!;
        var plan = ChaosPlanReader.ReadFile(file.FullName);
        var settings = new RunSettings(
            plan, file.Name, parsed.GetValue(_seed) ?? plan.Seed, PlanSection.ParseDuration(parsed.GetValue(_for))!.Value,
            !parsed.GetValue(_noLoad));
        // Checked before anything is broken.
        ChaosSchedule.CreateSchedule(plan, settings.Seed, settings.Duration);
        var report = parsed.GetValue(_report)!;
        using (report.Open(FileMode.OpenOrCreate, FileAccess.Write))
        {
        }

        var link = _link.ReadSettings(parsed);
        _link.SetVariables(parsed);
        await using var cluster = await ChaosCluster.ConnectAsync(
            HostPort.ParseList(parsed.GetValue(_connect)!), link,
            parsed.GetValue(_operatorKey) is { } key ? AccessKey.ReadFile(key.FullName) : null, cancellationToken).ConfigureAwait(false);
        var isJson = parsed.GetValue(JsonAnswer.Option);
        var console = isJson
            ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
            : AnsiConsole.Console;
        var result = await ChaosRun.RunPlanAsync(settings, cluster, console, cancellationToken).ConfigureAwait(false);
        // A stopped run has a report too.
        await File.WriteAllTextAsync(report.FullName, ReportPage.CreatePage(result), CancellationToken.None).ConfigureAwait(false);
        if (isJson)
            JsonAnswer.WriteTo(Console.Out, RunSummary.Describe(result, report.FullName));
        else
            RunSummary.Write(Console.Out, result, report.FullName);
        return result.HasPassed ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<int> ReportErrorAsync(string message, int exitCode)
    {
        await Console.Error.WriteLineAsync(message).ConfigureAwait(false);
        return exitCode;
    }
}
