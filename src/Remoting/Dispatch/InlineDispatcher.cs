using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// Runs an idle actor on the thread that sends it a message. A job or a call of a managed object passes several actors with microseconds of
/// work each, and waking a thread for each of them would cost more than the work. One thread at a time runs an actor: a message to a
/// running actor waits in its mailbox as usual, so senders never block.
/// </summary>
public class InlineDispatcher(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
{
    /// <summary>The path of its settings in the configurations that define it.</summary>
    public const string Key = "akka.actor.inline-dispatcher";

    /// <summary>The limit of nested runs. Beyond it, the thread pool runs the actor, so that no sender is held up for long.</summary>
    private const int MaxDepth = 6;

    [ThreadStatic]
    private static int _depth;

    /// <summary>Adds this dispatcher to props if the system defines it.</summary>
    public static Props ApplyTo(Props props, ActorSystem system) =>
        system.Dispatchers.HasDispatcher(Key) ? props.WithDispatcher(Key) : props;

    /// <summary>
    /// Forwards a message to an actor that may work for long. The thread pool runs the actor, so that this thread is not held up.
    /// </summary>
    public static void ForwardDetached(IActorRef actor, object message)
    {
        var depth = _depth;
        _depth = MaxDepth;
        try
        {
            actor.Forward(message);
        }
        finally
        {
            _depth = depth;
        }
    }

    /// <inheritdoc/>
    protected override void ExecuteTask(IRunnable run)
    {
        if (_depth >= MaxDepth)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static queued => queued.Run(), run, preferLocal: true);
            return;
        }

        _depth++;
        try
        {
            run.Run();
        }
        finally
        {
            _depth--;
        }
    }

    /// <inheritdoc/>
    protected override void Shutdown()
    {
    }
}

/// <summary>Creates the <see cref="InlineDispatcher"/> of an actor system.</summary>
public sealed class InlineDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly InlineDispatcher _instance;

    /// <summary>Called by the actor system.</summary>
    public InlineDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _instance = new InlineDispatcher(this);

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _instance;
}
