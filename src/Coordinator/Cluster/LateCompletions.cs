using Actors.Messages.Nodes;
using Akka;
using Akka.Actor;
using Akka.Event;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// Counts the ends of jobs that come to durable pools which are not here any more. A coordinator that was given up while it stood still hears of that, when it wakes, at the same time
/// as of what ended meanwhile, and its pools may be gone before they are told: so it ends a moment later than it could.
/// </summary>
internal sealed class LateCompletions : MinimalActorRef
{
    private readonly ExtendedActorSystem _system;

    private LateCompletions(ExtendedActorSystem system) => _system = system;

    /// <inheritdoc/>
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/late-completions");

    /// <inheritdoc/>
    public override IActorRefProvider Provider => _system.Provider;

    /// <summary>From now on, as <see cref="LogEvent"/>.</summary>
    /// <param name="system">Where the pools are.</param>
    /// <param name="grace">How much later it ends when it is given up.</param>
    public static void StartCounting(ActorSystem system, TimeSpan grace)
    {
        system.EventStream.Subscribe(new LateCompletions((ExtendedActorSystem)system), typeof(DeadLetter));
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "late-completions", async () =>
        {
            if (shutdown.ShutdownReason is CoordinatedShutdown.ClusterDowningReason)
                await Task.Delay(grace).ConfigureAwait(false);
            return Done.Instance;
        });
    }

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is DeadLetter { Message: NodeProtocol.JobsDone done, Recipient.Path: var pool } && DurablePoolShards.IsPoolPath(pool))
            _system.EventStream.Publish(new LogEvent($"durable pool {pool.Name}: {done.Outcomes.Length:N0} completions were refused, which came when it had ended here"));
    }
}
