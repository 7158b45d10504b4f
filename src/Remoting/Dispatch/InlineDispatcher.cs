using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// Lets the thread that sends a message to an idle actor process it. The way of a job or of a call on a managed object passes several
/// actors, each with microseconds of work; waking another thread for each of them would cost more than the work. An actor is still
/// run by one thread at a time: while it is running elsewhere a message waits in its mailbox as ever, so that sending never waits.
/// </summary>
internal class InlineDispatcher(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
{
    /// <summary>The key of its settings, in the configurations that want it.</summary>
    public const string Key = "akka.actor.inline-dispatcher";

    /// <summary>Runs inside runs: beyond this a busy mailbox goes to the thread pool, so that no sender is held for long.</summary>
    private const int MaxDepth = 6;

    [ThreadStatic]
    private static int _depth;

    /// <summary>The props with this dispatcher where the system has it, as it is otherwise.</summary>
    public static Props ApplyTo(Props props, ActorSystem system) => system.Dispatchers.HasDispatcher(Key) ? props.WithDispatcher(Key) : props;

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

/// <summary>Makes the one <see cref="InlineDispatcher"/> of an actor system.</summary>
public sealed class InlineDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly InlineDispatcher _instance;

    /// <summary>Made by the actor system.</summary>
    public InlineDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _instance = new InlineDispatcher(this);

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _instance;
}
