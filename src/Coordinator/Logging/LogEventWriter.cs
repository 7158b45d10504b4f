using Actors.Coordinator.Pools;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Actors.Coordinator.Logging;

/// <summary>
/// Logs the events of a coordinator on the thread that publishes them. It is not an actor: actors stop in no fixed order at shutdown, and
/// their last events must be logged too, such as the number of refused outcomes of a removed coordinator.
/// </summary>
internal sealed class LogEventWriter : MinimalActorRef
{
    private readonly IActorRefProvider _provider;
    private readonly ILogger _logger;

    private LogEventWriter(ExtendedActorSystem system, ILogger logger) => (_provider, _logger) = (system.Provider, logger);

    /// <inheritdoc/>
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/log-events");

    /// <inheritdoc/>
    public override IActorRefProvider Provider => _provider;

    /// <summary>Starts to log each <see cref="LogEvent"/> and <see cref="DurablePoolEvent"/> of an actor system.</summary>
    public static void StartWriting(ActorSystem system, ILogger logger)
    {
        var writer = new LogEventWriter((ExtendedActorSystem)system, logger);
        system.EventStream.Subscribe(writer, typeof(LogEvent));
        system.EventStream.Subscribe(writer, typeof(DurablePoolEvent));
    }

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is LogEvent logEvent)
            WriteEvent(logEvent);
        else if (message is DurablePoolEvent change)
            WriteEvent(change);
    }

    private void WriteEvent(LogEvent logEvent)
    {
        switch (logEvent.Subject)
        {
            case LogSubject.Coordinator: CoordinatorLog.CoordinatorChanged(_logger, logEvent.Name, logEvent.Change); break;
            case LogSubject.WorkerNode: CoordinatorLog.WorkerNodeChanged(_logger, logEvent.Name, logEvent.Change); break;
            case LogSubject.DurableQueue when logEvent.IsProblem:
                CoordinatorLog.DurableQueueFailed(_logger, logEvent.Name, logEvent.Change);
                break;
            case LogSubject.DurableQueue: CoordinatorLog.DurableQueueChanged(_logger, logEvent.Name, logEvent.Change); break;
            case LogSubject.Store: CoordinatorLog.StoreFailed(_logger, logEvent.Change); break;
        }
    }

    private void WriteEvent(DurablePoolEvent change)
    {
        var (log, pool) = (_logger, change.Pool);
        switch (change)
        {
            case DurablePoolEvent.Loading loading: DurablePoolLog.Loading(log, pool, loading.Jobs); break;
            case DurablePoolEvent.Started started: DurablePoolLog.Started(log, pool, started.Pending, started.Retained); break;
            case DurablePoolEvent.Interrupted ended: DurablePoolLog.Interrupted(log, pool, ended.Reason, ended.Refused); break;
            case DurablePoolEvent.Stopped stopped: DurablePoolLog.Stopped(log, pool, stopped.Refused); break;
            case DurablePoolEvent.OutcomesRefused late: DurablePoolLog.OutcomesRefused(log, pool, late.Refused); break;
            case DurablePoolEvent.BuildFailed failed: DurablePoolLog.BuildFailed(log, pool, failed.Reason); break;
            case DurablePoolEvent.Paused paused: DurablePoolLog.Paused(log, pool, paused.Bytes); break;
            case DurablePoolEvent.Resumed resumed: DurablePoolLog.Resumed(log, pool, resumed.Bytes); break;
            case DurablePoolEvent.WaitingForBuild waiting: DurablePoolLog.WaitingForBuild(log, pool, waiting.Jobs, waiting.Job); break;
            case DurablePoolEvent.NotCompacted failed: DurablePoolLog.NotCompacted(log, pool, failed.Reason); break;
            case DurablePoolEvent.Closed closed: DurablePoolLog.Closed(log, pool, closed.Pending); break;
            case DurablePoolEvent.Unloaded unloaded: DurablePoolLog.Unloaded(log, pool, unloaded.Retained); break;
            case DurablePoolEvent.Deleted: DurablePoolLog.Deleted(log, pool); break;
        }
    }
}
