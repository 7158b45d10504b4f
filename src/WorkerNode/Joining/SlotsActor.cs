using Actors.Messages;
using Actors.Messages.Nodes;
using Akka.Actor;

namespace Actors.WorkerNode.Joining;

/// <summary>
/// Shares this node's slots among all pools, whichever coordinator they are at: each coordinator grants as though it were alone, and knows nothing of the
/// others' pools. What a pool gets here is what there is; it takes what comes.
/// </summary>
internal sealed class SlotsActor : ReceiveActor
{
    private readonly int _slots;
    private readonly Dictionary<PoolId, Claim> _claims = [];

    /// <param name="slots">How many executors this node runs.</param>
    public SlotsActor(int slots)
    {
        _slots = slots;
        Receive<Granted>(Take);
        Receive<Terminated>(gone => Drop(gone.ActorRef));
    }

    private void Take(Granted granted)
    {
        var provide = granted.Provide;
        if (provide.Executors > 0)
        {
            Context.Watch(granted.Node);
            _claims[provide.Pool] = new Claim(granted) { Given = _claims.GetValueOrDefault(provide.Pool)?.Given ?? 0 };
        }
        else
        {
            _claims.Remove(provide.Pool);
            granted.Node.Tell(provide, granted.Pool);
        }

        Share();
    }

    private void Drop(IActorRef node)
    {
        foreach (var pool in _claims.Where(claim => claim.Value.Granted.Node.Equals(node)).Select(claim => claim.Key).ToList())
            _claims.Remove(pool);
        Share();
    }

    private void Share()
    {
        var claims = _claims.OrderBy(claim => claim.Key.Value).Select(claim => claim.Value).ToList();
        var shares = FairShares.Of([.. claims.Select(claim => claim.Granted.Provide.Executors)], _slots);
        // What is taken from one is there for another: first those that get less.
        foreach (var (claim, share) in claims.Zip(shares).OrderBy(pair => pair.Second - pair.First.Given))
        {
            if (claim.Given == share)
                continue;
            claim.Given = (int)share;
            claim.Granted.Node.Tell(claim.Granted.Provide with { Executors = claim.Given }, claim.Granted.Pool);
        }
    }

    /// <summary>A coordinator has granted executors here.</summary>
    /// <param name="Provide">How many, to which pool.</param>
    /// <param name="Pool">The pool's actor.</param>
    /// <param name="Node">Keeps them.</param>
    public sealed record Granted(NodeProtocol.Provide Provide, IActorRef Pool, IActorRef Node);

    private sealed class Claim(Granted granted)
    {
        public Granted Granted => granted;

        public int Given { get; set; }
    }
}
