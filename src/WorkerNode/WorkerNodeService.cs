using Actors.Programs;
using Actors.Programs.Hosting;
using Actors.WorkerNode.Joining;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.WorkerNode;

/// <summary>Runs a worker node: joins a cluster again and again until the program is told to stop.</summary>
/// <param name="options">The settings.</param>
/// <param name="meter">The figures of the node.</param>
/// <param name="loggers">Creates its logger, and those of its actor systems.</param>
/// <param name="exit">Receives the exit code.</param>
/// <param name="lifetime">The lifetime of the program.</param>
internal sealed class WorkerNodeService(
    WorkerNodeOptions options, NodeMeter meter, ILoggerFactory loggers, ProgramExit exit, IHostApplicationLifetime lifetime)
    : ProgramService(exit, lifetime)
{
    private static readonly TimeSpan RejoinPause = TimeSpan.FromMilliseconds(500);

    private readonly ILogger _logger = loggers.CreateLogger(WorkerNodeLog.Category);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Task stop)
    {
        foreach (var warning in options.Program.Exposures)
            ProgramLog.SecretExposed(_logger, warning);
        while (!stop.IsCompleted)
        {
            try
            {
                var over = await RunSessionAsync(stop).ConfigureAwait(false);
                if (over.Refusal is { } refusal)
                    return ReportFailure(refusal);
                if (over.WasDrained)
                    return ExitCode.Success;
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                return ReportFailure(exception.Message);
            }

            await Task.WhenAny(stop, Task.Delay(RejoinPause, CancellationToken.None)).ConfigureAwait(false);
        }

        return ExitCode.Success;
    }

    private async Task<JoiningActor.NodeSessionEnded> RunSessionAsync(Task stop)
    {
        options.Program.RequireSafety();
        await using var session = NodeSession.StartSession(options, meter, loggers);
        var contacts = string.Join(", ", options.Join);
        WorkerNodeLog.Joining(_logger, contacts);
        using var ready = new ReadyFile(options.Program.Ready);
        _ = DrainWhenStoppedAsync(session, stop);
        await Task.WhenAny(session.Joined, session.Ended).ConfigureAwait(false);
        if (session.Joined.IsCompleted)
        {
            ready.CreateFile();
            var coordinator = await session.Joined.ConfigureAwait(false);
            WorkerNodeLog.Joined(_logger, $"{coordinator}", $"{options.Processes}", session.Name);
        }

        var over = await session.Ended.ConfigureAwait(false);
        if (over.WasDrained)
            WorkerNodeLog.Drained(_logger);
        else
            WorkerNodeLog.Lost(_logger, contacts);
        return over;
    }

    private static async Task DrainWhenStoppedAsync(NodeSession session, Task stop)
    {
        await Task.WhenAny(stop, session.Ended).ConfigureAwait(false);
        if (stop.IsCompleted)
            session.StartDraining();
    }

    private int ReportFailure(string message)
    {
        ProgramLog.ProgramFailed(_logger, message);
        return ExitCode.Failure;
    }
}
