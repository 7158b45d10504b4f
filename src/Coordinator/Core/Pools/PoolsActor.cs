using Actors.Coordinator.Clients;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The pools of a coordinator. It opens pools, as its children, and finds durable ones, which are the children of their store. A pool
/// that throws is stopped; its client watches it.
/// </summary>
public sealed class PoolsActor : HandlerActor
{
    private static readonly TimeSpan FindTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The searches for durable pools. One that does not exist stays loaded for this time.</summary>
    private readonly RecentUses<PoolId> _searches = new(TimeProvider.System, DurablePoolState.OpenTimeout, ClientResource.Pools);

    private readonly IActorRef _nodes;
    private readonly IActorRef _payloads;
    private readonly IActorRef _durablePools;

    /// <param name="nodes">The actor that grants executors.</param>
    /// <param name="payloads">The actor that stores large arguments and results. Nobody if nothing is uploaded.</param>
    /// <param name="durablePools">The actor that finds the durable pools of the common store. Nobody if there is none.</param>
    public PoolsActor(IActorRef nodes, IActorRef payloads, IActorRef durablePools)
    {
        (_nodes, _payloads, _durablePools) = (nodes, payloads, durablePools);
        // The reader accepts a spec without a name, because the member has a default. The lists of pools could not be sent.
        Receive<PoolProtocol.OpenPool>(open => open.Spec.Name is null, open => RefusedMessages.ReportCurrent(Context, open));
        Receive<PoolProtocol.OpenPool>(OpenPool);
        Receive<PoolProtocol.FindPool>(FindPool);
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OpenPool(PoolProtocol.OpenPool open)
    {
        var name = $"pool-{open.Pool}";
        // A client that missed the answer opens the pool again.
        if (Context.Child(name) is var known && !known.IsNobody())
        {
            known.Forward(open);
            return;
        }

        _searches.RemoveOld();
        var (client, nodes, payloads) = (Sender, _nodes, _payloads);
        if (OpenPoolCharge.TryCreate(ClientUsages.FindUsage(Context.System, client), open, out var refusal) is not { } charge)
        {
            client.Tell(new PoolProtocol.PoolRefused(open.Pool, refusal, IsOverLimit: true));
            return;
        }

        var pool = ActorProps.Create(() => new PoolActor(open, client, nodes, payloads, charge));
        Context.ActorOf(InlineDispatcher.ApplyTo(pool, Context.System), name);
    }

    private void FindPool(PoolProtocol.FindPool find)
    {
        if (_durablePools.IsNobody())
        {
            Sender.Tell(new PoolProtocol.PoolRefused(
                find.Pool, "This coordinator has no store for durable pools: start it with --store FILE or --postgres-file FILE."));
        }
        else if (_searches.TryAdd(ClientUsages.FindUsage(Context.System, Sender), find.Pool) is { } refusal)
            Sender.Tell(new PoolProtocol.PoolRefused(find.Pool, refusal, IsOverLimit: true));
        else
            FindPoolAsync(find).PipeTo(Sender, Self);
    }

    /// <summary>
    /// Finds a durable pool. The answer passes through this actor, because other coordinators may be unable to reach the client.
    /// </summary>
    private Task<PoolProtocol.PoolFound> FindPoolAsync(PoolProtocol.FindPool find) =>
        _durablePools.Ask<PoolProtocol.PoolFound>(find, FindTimeout);
}
