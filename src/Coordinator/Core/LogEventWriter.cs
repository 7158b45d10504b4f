using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>
/// Writes what an operator wants to know, on the thread of whoever says it. Not an actor: those of an actor system end in no order, and what the others say as
/// they end is news too, such as how many completions a coordinator that was given up has refused.
/// </summary>
internal sealed class LogEventWriter : MinimalActorRef
{
    private readonly IActorRefProvider _provider;
    private readonly TextWriter _output;

    private LogEventWriter(ExtendedActorSystem system, TextWriter output) => (_provider, _output) = (system.Provider, output);

    /// <inheritdoc/>
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/news");

    /// <inheritdoc/>
    public override IActorRefProvider Provider => _provider;

    /// <summary>Writes all that this system's actors say from now on, a line each.</summary>
    /// <param name="system">Whose.</param>
    /// <param name="output">Thread-safe, as the console's is.</param>
    public static void StartWriting(ActorSystem system, TextWriter output) =>
        system.EventStream.Subscribe(new LogEventWriter((ExtendedActorSystem)system, output), typeof(LogEvent));

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is LogEvent news)
            _output.WriteLine(news.Text.ReplaceLineEndings(" "));
    }
}
