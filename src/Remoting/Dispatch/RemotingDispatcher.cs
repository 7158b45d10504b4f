using Akka.Configuration;
using Akka.Dispatch;
using DotNetty.Common.Concurrency;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// The inline dispatcher for the actors of Akka.Remote, which write to sockets. What a thread of the program writes waits in the queue of the socket's own thread,
/// and what that thread writes itself does not: a message that answers one would be ahead of others that were sent before it. So what that thread runs
/// waits in its queue too.
/// </summary>
internal sealed class RemotingDispatcher(MessageDispatcherConfigurator configurator) : InlineDispatcher(configurator)
{
    /// <inheritdoc/>
    protected override void ExecuteTask(Akka.Dispatch.IRunnable run)
    {
        if (ExecutionEnvironment.TryGetCurrentExecutor(out var socketThread) && !socketThread.IsShuttingDown)
            socketThread.Execute(static queued => ((Akka.Dispatch.IRunnable)queued).Run(), run);
        else
            base.ExecuteTask(run);
    }
}

/// <summary>Makes the one <see cref="RemotingDispatcher"/> of an actor system.</summary>
public sealed class RemotingDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly RemotingDispatcher _instance;

    /// <summary>Made by the actor system.</summary>
    public RemotingDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _instance = new RemotingDispatcher(this);

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _instance;
}
