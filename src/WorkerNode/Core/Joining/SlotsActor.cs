using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.WorkerNode.Joining;

/// <summary>
/// Divides the slots of this node among the pools of all coordinators. Each coordinator grants slots as if it were the only one and does
/// not know the pools of the others. A pool gets at most its share here. <see cref="ScalingState"/> decides the number of slots.
/// </summary>
public sealed class SlotsActor : HandlerActor
{
    private readonly ScalingState _scaling;
    private readonly MachineLoad _load;
    private readonly NodeTraits _traits;
    private readonly Dictionary<PoolId, Claim> _claims = [];
    private readonly Dictionary<IActorRef, DemandReported> _demands = [];

    /// <param name="traits">The labels and resources of this node.</param>
    /// <param name="scaling">Decides the number of executors.</param>
    /// <param name="load">Measures the load of the machine.</param>
    public SlotsActor(NodeTraits traits, ScalingState scaling, MachineLoad load)
    {
        (_scaling, _load, _traits) = (scaling, load, traits);
        Receive<ExecutorsGranted>(UpdateClaim);
        Receive<DemandReported>(UpdateDemand);
        Receive<Terminated>(gone => RemoveNode(gone.ActorRef));
    }

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private void UpdateClaim(ExecutorsGranted granted)
    {
        var provide = granted.Provide;
        if (provide.Executors > 0)
        {
            Context.Watch(granted.Node);
            _claims[provide.Pool] = new Claim(granted) { Provided = _claims.GetValueOrDefault(provide.Pool)?.Provided ?? 0 };
        }
        else
        {
            _claims.Remove(provide.Pool);
            granted.Node.Tell(provide, granted.Pool);
        }

        ShareSlots();
    }

    private void RemoveNode(IActorRef node)
    {
        foreach (var pool in _claims.Where(claim => claim.Value.Granted.Node.Equals(node)).Select(claim => claim.Key).ToList())
            _claims.Remove(pool);
        _demands.Remove(node);
        ShareSlots();
    }

    private void UpdateDemand(DemandReported demand)
    {
        Context.Watch(demand.Node);
        _demands[demand.Node] = demand;
        var before = _scaling.Executors;
        _scaling.UpdateTarget(_demands.Values.Sum(each => each.Waiting), _demands.Values.Sum(each => each.Idle), _load.MeasureLoad(), Now);
        if (_scaling.Executors != before)
            ShareSlots();
    }

    private void ShareSlots()
    {
        var claims = _claims.OrderBy(claim => claim.Key.Value).Select(claim => claim.Value).ToList();
        var shares = FairShares.ComputeShares([.. claims.Select(claim => claim.Granted.Provide.Executors)], _scaling.Executors);
        var left = _traits.Resources.ToDictionary(resource => resource.Name, resource => resource.Amount);
        // Reduce shares first, so that their slots are free for the others.
        var provided = claims.Zip(shares, (claim, share) => (Claim: claim, Share: Math.Min(share, TakeResources(claim, share, left))));
        foreach (var (claim, share) in provided.OrderBy(pair => pair.Share - pair.Claim.Provided))
        {
            if (claim.Provided == share)
                continue;
            claim.Provided = (int)share;
            claim.Granted.Node.Tell(claim.Granted.Provide with { Executors = claim.Provided }, claim.Granted.Pool);
        }
    }

    /// <summary>
    /// Takes the resources of a pool. Like slots, they must be checked here, because coordinators do not see the grants of each other.
    /// </summary>
    /// <returns>The number of executors for which the resources suffice.</returns>
    private static long TakeResources(Claim claim, long executors, Dictionary<string, decimal> left)
    {
        var needs = claim.Granted.Provide.Spec.Needs?.Resources ?? [];
        foreach (var need in needs)
            executors = Math.Min(executors, (long)(left.GetValueOrDefault(need.Name) / need.Amount));
        foreach (var need in needs)
            left[need.Name] -= executors * need.Amount;
        return executors;
    }

    /// <summary>A coordinator has granted executors on this node.</summary>
    /// <param name="Provide">The grant: the pool and the number of executors.</param>
    /// <param name="Pool">The actor of the pool.</param>
    /// <param name="Node">The actor that runs these executors.</param>
    public sealed record ExecutorsGranted(NodeProtocol.ProvideExecutors Provide, IActorRef Pool, IActorRef Node);

    /// <summary>A coordinator has reported its demand.</summary>
    /// <param name="Node">The actor that runs the executors of its pools.</param>
    /// <param name="Waiting">The number of jobs that wait for an executor.</param>
    /// <param name="Idle">The number of idle executors.</param>
    public sealed record DemandReported(IActorRef Node, long Waiting, long Idle);

    private sealed class Claim(ExecutorsGranted granted)
    {
        public ExecutorsGranted Granted => granted;

        public int Provided { get; set; }
    }
}
