using System.CommandLine;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Actors.Cli.Output;
using Actors.Programs;
using Spectre.Console;

namespace Actors.Cli.Operating;

/// <summary>The command <c>top</c>: pools, nodes, workers and rates, again and again.</summary>
internal sealed class TopCommand
{
    private readonly ClusterConnection _connection = new();

    private readonly Option<double> _interval = ProgramOptions.AddCheck(
        new Option<double>("--interval")
        {
            Description = "The time, in seconds, between two samples. From 0.1 to 3600.",
            DefaultValueFactory = _ => 2,
        },
        seconds => seconds is >= 0.1 and <= 3600 ? null : "--interval must be from 0.1 to 3600.");

    private readonly Option<int?> _count = ProgramOptions.AddCheck(
        new Option<int?>("--count")
        {
            Description = "The number of samples. At least 1. Default: until Ctrl-C.",
        },
        count => count < 1 ? "--count must be at least 1." : null);

    /// <summary>Creates the command.</summary>
    public Command CreateCommand()
    {
        var command = new Command(
            "top",
            "Shows pools, nodes, workers and rates, and refreshes them. With --json, or without a terminal, it writes each sample below "
                + "the previous one. It connects again to coordinators that do not answer. The exit code is 130 after Ctrl-C.")
        {
            _interval, _count,
        };
        command.SetAction((parsed, token) => ClusterConnection.ReportErrorsAsync(parsed, async output =>
        {
            using var stop = new StopSignals(token);
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(token);
            _ = stop.Requested.ContinueWith(_ => stopping.CancelAsync(), TaskScheduler.Default);
            return await ShowAsync(parsed, output, stopping.Token).ConfigureAwait(false);
        }));
        return _connection.AddTo(command);
    }

    private async Task<int> ShowAsync(ParseResult parsed, CommandOutput output, CancellationToken cancellationToken)
    {
        var sessions = await _connection.OpenSessionsAsync(parsed, cancellationToken).ConfigureAwait(false);
        await using var closing = sessions.ConfigureAwait(false);
        var samples = TakeSamplesAsync(parsed, sessions, cancellationToken);
        var console = output.CreateConsole();
        if (!output.IsJson && console.Profile.Capabilities.Interactive)
        {
            await console.Live(new Text("")).StartAsync(async live =>
            {
                await foreach (var sample in samples.ConfigureAwait(false))
                    live.UpdateTarget(ClusterSample.CreateView(sample));
            }).ConfigureAwait(false);
        }
        else
        {
            await foreach (var sample in samples.ConfigureAwait(false))
                output.Write(sample, ClusterSample.CreateView);
        }

        return ExitCode.Success;
    }

    private async IAsyncEnumerable<ClusterSample> TakeSamplesAsync(
        ParseResult parsed, OpenSessions sessions,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(parsed.GetValue(_interval)));
        ClusterSample? last = null;
        for (var left = parsed.GetValue(_count) ?? int.MaxValue; left > 0; left--)
        {
            await sessions.ReconnectLostAsync().ConfigureAwait(false);
            var (nodes, _) = await sessions.AskAllAsync(session => session.ListNodesAsync(cancellationToken)).ConfigureAwait(false);
            var (pools, problems) = await sessions.AskAllAsync(session => session.ListPoolsAsync(cancellationToken))
                .ConfigureAwait(false);
            last = ClusterSample.CreateNext(
                last, Stopwatch.GetElapsedTime(started), NodeRow.MergeAnswers(nodes),
                PoolRow.FromPools(pools.SelectMany(answer => answer)), problems);
            yield return last;
            if (left > 1)
                await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
