using Actors.Messages;
using Actors.Messages.Nodes;
using Akka.Actor;

namespace Actors.WorkerNode.Joining;

/// <summary>
/// Shares this node's slots among all pools, whichever coordinator they are at: each coordinator grants as though it were alone, and knows nothing of the
/// others' pools. What a pool gets here is what there is; it takes what comes. How many slots there are follows from what there is to do (<see cref="ScalingState"/>).
/// </summary>
internal sealed class SlotsActor : ReceiveActor
{
    private readonly ScalingState _scaling;
    private readonly MachineLoad _load;
    private readonly NodeTraits _traits;
    private readonly Dictionary<PoolId, Claim> _claims = [];
    private readonly Dictionary<IActorRef, DemandReported> _demands = [];

    /// <param name="traits">What this node has for executors.</param>
    /// <param name="scaling">How many executors it runs.</param>
    /// <param name="load">How busy the machine is.</param>
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
        // What is taken from one is there for another: first those that get less.
        foreach (var (claim, share) in claims.Zip(shares.Zip(claims, (share, claim) => Math.Min(share, TakeResources(claim, share, left)))).OrderBy(pair => pair.Second - pair.First.Provided))
        {
            if (claim.Provided == share)
                continue;
            claim.Provided = (int)share;
            claim.Granted.Node.Tell(claim.Granted.Provide with { Executors = claim.Provided }, claim.Granted.Pool);
        }
    }

    /// <summary>Coordinators know of each other's grants as little in this.</summary>
    /// <returns>For how many executors there is enough.</returns>
    private static long TakeResources(Claim claim, long executors, Dictionary<string, decimal> left)
    {
        var needs = claim.Granted.Provide.Spec.Needs?.Resources ?? [];
        foreach (var need in needs)
            executors = Math.Min(executors, (long)(left.GetValueOrDefault(need.Name) / need.Amount));
        foreach (var need in needs)
            left[need.Name] -= executors * need.Amount;
        return executors;
    }

    /// <summary>A coordinator has granted executors here.</summary>
    /// <param name="Provide">How many, to which pool.</param>
    /// <param name="Pool">The pool's actor.</param>
    /// <param name="Node">Keeps them.</param>
    public sealed record ExecutorsGranted(NodeProtocol.ProvideExecutors Provide, IActorRef Pool, IActorRef Node);

    /// <summary>A coordinator has said what there is to do.</summary>
    /// <param name="Node">Keeps the executors of its pools.</param>
    /// <param name="Waiting">Jobs that wait for an executor.</param>
    /// <param name="Idle">Executors that have nothing to do.</param>
    public sealed record DemandReported(IActorRef Node, long Waiting, long Idle);

    private sealed class Claim(ExecutorsGranted granted)
    {
        public ExecutorsGranted Granted => granted;

        public int Provided { get; set; }
    }
}
