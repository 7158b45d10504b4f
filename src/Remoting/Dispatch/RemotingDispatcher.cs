using Akka.Configuration;
using Akka.Dispatch;
using DotNetty.Common.Concurrency;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// The inline dispatcher for the actors of Akka.Remote, which write to sockets. Other threads write through the queue of the socket thread,
/// but the socket thread itself writes directly. An answer that it writes would overtake messages that were sent before. So actors that the
/// socket thread would run wait in its queue as well.
/// </summary>
public sealed class RemotingDispatcher(MessageDispatcherConfigurator configurator) : InlineDispatcher(configurator)
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

/// <summary>Creates the <see cref="RemotingDispatcher"/> of an actor system.</summary>
public sealed class RemotingDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly RemotingDispatcher _instance;

    /// <summary>Called by the actor system.</summary>
    public RemotingDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _instance = new RemotingDispatcher(this);

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _instance;
}
