using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Nodes;
using Akka;
using Akka.Actor;
using Akka.Event;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// Counts job outcomes that arrive for durable pools that have left this coordinator. A paused coordinator that was removed learns of its
/// removal together with outcomes that arrived meanwhile, and its pools may stop before they receive them. Its shutdown is therefore
/// delayed a little.
/// </summary>
internal sealed class LateCompletions : MinimalActorRef
{
    private readonly ExtendedActorSystem _system;

    private LateCompletions(ExtendedActorSystem system) => _system = system;

    /// <inheritdoc/>
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/late-completions");

    /// <inheritdoc/>
    public override IActorRefProvider Provider => _system.Provider;

    /// <summary>Starts to publish each late outcome as a <see cref="DurablePoolEvent"/>.</summary>
    /// <param name="system">The actor system of the pools.</param>
    /// <param name="grace">The delay of the shutdown of a removed coordinator.</param>
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
        if (message is DeadLetter { Message: NodeProtocol.JobsDone done, Recipient.Path: var pool } && DurablePoolShards.IsBuildPath(pool))
        {
            _system.EventStream.Publish(new DurablePoolEvent.OutcomesRefused(WireLimits.CutName(pool.Name), done.Outcomes.Length));
        }
    }
}
