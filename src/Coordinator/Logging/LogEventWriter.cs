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

    /// <summary>Starts to log each <see cref="LogEvent"/> of an actor system.</summary>
    public static void StartWriting(ActorSystem system, ILogger logger) =>
        system.EventStream.Subscribe(new LogEventWriter((ExtendedActorSystem)system, logger), typeof(LogEvent));

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is not LogEvent logEvent)
            return;
        switch (logEvent.Subject)
        {
            case LogSubject.Coordinator: CoordinatorLog.CoordinatorChanged(_logger, logEvent.Name, logEvent.Change); break;
            case LogSubject.WorkerNode: CoordinatorLog.WorkerNodeChanged(_logger, logEvent.Name, logEvent.Change); break;
            case LogSubject.DurablePool: CoordinatorLog.DurablePoolChanged(_logger, logEvent.Name, logEvent.Change); break;
            case LogSubject.DurableQueue: CoordinatorLog.DurableQueueChanged(_logger, logEvent.Name, logEvent.Change); break;
            case LogSubject.Store: CoordinatorLog.StoreFailed(_logger, logEvent.Change); break;
        }
    }
}
