using Actors.Programs;
using Actors.WorkerNode.Joining;

namespace Actors.WorkerNode;

/// <summary>Runs a worker node as its own process: joins a cluster again and again until the program is told to stop.</summary>
internal static class WorkerNodeHost
{
    private static readonly TimeSpan RejoinPause = TimeSpan.FromMilliseconds(500);

    /// <param name="options">The settings.</param>
    /// <param name="cancellationToken">Drains the node, as a signal does.</param>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunNodeAsync(WorkerNodeOptions options, CancellationToken cancellationToken)
    {
        using var stop = new StopSignals(cancellationToken);
        using var meter = new NodeMeter();
        while (!stop.Requested.IsCompleted)
        {
            try
            {
                var over = await RunSessionAsync(options, meter, stop.Requested).ConfigureAwait(false);
                if (over.Refusal is { } refusal)
                    return await ReportFailureAsync(refusal).ConfigureAwait(false);
                if (over.WasDrained)
                    return 0;
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                return await ReportFailureAsync(exception.Message).ConfigureAwait(false);
            }

            await Task.WhenAny(stop.Requested, Task.Delay(RejoinPause, CancellationToken.None)).ConfigureAwait(false);
        }

        return 0;
    }

    private static async Task<JoiningActor.NodeSessionEnded> RunSessionAsync(WorkerNodeOptions options, NodeMeter meter, Task stop)
    {
        options.Program.RequireSafety();
        await using var session = NodeSession.StartSession(options, meter);
        var contacts = string.Join(", ", options.Join);
        Console.WriteLine($"joining {contacts}");
        using var ready = new ReadyFile(options.Program.Ready);
        _ = DrainWhenStoppedAsync(session, stop);
        await Task.WhenAny(session.Joined, session.Ended).ConfigureAwait(false);
        if (session.Joined.IsCompleted)
        {
            ready.CreateFile();
            var coordinator = await session.Joined.ConfigureAwait(false);
            Console.WriteLine($"joined {coordinator} with {options.Processes} worker slots as {session.Name}");
        }

        var over = await session.Ended.ConfigureAwait(false);
        Console.WriteLine(over.WasDrained ? "drained" : $"lost {contacts}; its workers were stopped");
        return over;
    }

    private static async Task DrainWhenStoppedAsync(NodeSession session, Task stop)
    {
        await Task.WhenAny(stop, session.Ended).ConfigureAwait(false);
        if (stop.IsCompleted)
            session.StartDraining();
    }

    private static async Task<int> ReportFailureAsync(string message)
    {
        await Console.Error.WriteLineAsync(message).ConfigureAwait(false);
        return 1;
    }
}
