using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>
/// Writes log events on the thread that publishes them. It is not an actor: actors stop in no fixed order at shutdown, and their last log
/// events must be written too, such as the number of refused outcomes of a removed coordinator.
/// </summary>
internal sealed class LogEventWriter : MinimalActorRef
{
    private readonly IActorRefProvider _provider;
    private readonly TextWriter _output;

    private LogEventWriter(ExtendedActorSystem system, TextWriter output) => (_provider, _output) = (system.Provider, output);

    /// <inheritdoc/>
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/log-events");

    /// <inheritdoc/>
    public override IActorRefProvider Provider => _provider;

    /// <summary>Starts to write each log event of an actor system as one line.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="output">A thread-safe writer, such as the console.</param>
    public static void StartWriting(ActorSystem system, TextWriter output) =>
        system.EventStream.Subscribe(new LogEventWriter((ExtendedActorSystem)system, output), typeof(LogEvent));

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is LogEvent logEvent)
            _output.WriteLine(logEvent.Text.ReplaceLineEndings(" "));
    }
}
