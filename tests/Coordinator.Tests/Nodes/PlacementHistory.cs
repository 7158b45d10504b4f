using Actors.Coordinator.Nodes;
using Actors.Messages;

namespace Actors.Coordinator.Tests.Nodes;

/// <summary>Applies steps to a placement, adds up its grants, and checks the invariants.</summary>
internal sealed class PlacementHistory
{
    public static readonly PoolId[] Pools = [.. Enumerable.Range(1, 8).Select(i => new PoolId(new Guid(i, 0, 0, new byte[8])))];
    private static readonly NodeId[] Nodes = [.. Enumerable.Range(1, 8).Select(i => new NodeId(new Guid(i, 0, 0, new byte[8])))];

    private readonly PlacementState _state = new();
    private readonly Dictionary<NodeId, (int Slots, bool IsDraining)> _nodes = [];
    private readonly Dictionary<PoolId, int> _wanted = [];
    private readonly Dictionary<(NodeId Node, PoolId Pool), int> _granted = [];

    public static NodeId NodeAt(int i) => Nodes[i];

    public static PoolId PoolAt(int i) => Pools[i];

    public void Do(int kind, int which, int number)
    {
        var (node, pool) = (Nodes[which], Pools[which]);
        switch (kind)
        {
            case <= 2 when _nodes.TryAdd(node, (number, false)):
                Apply(_state.AddNode(node, number));
                break;
            case 3:
                _nodes.Remove(node);
                foreach (var gone in _granted.Keys.Where(key => key.Node == node).ToList())
                    _granted.Remove(gone);
                Apply(_state.RemoveNode(node));
                break;
            case 4 when _nodes.TryGetValue(node, out var drained):
                _nodes[node] = drained with { IsDraining = true };
                Apply(_state.DrainNode(node));
                Assert.Empty(_state.DrainNode(node));
                break;
            case >= 5 and <= 7 when _wanted.TryAdd(pool, number == 0 ? int.MaxValue : number):
                Apply(_state.AddPool(pool, number));
                break;
            case >= 8:
                var grants = _state.RemovePool(pool);
                Apply(grants);
                _wanted.Remove(pool);
                Assert.DoesNotContain(_granted, granted => granted.Key.Pool == pool && granted.Value > 0);
                break;
            default:
                return;
        }

        Check();
    }

    /// <summary>Each grant must be a change.</summary>
    private void Apply(IReadOnlyList<ExecutorGrant> grants)
    {
        Assert.Equal(grants.Count, grants.DistinctBy(grant => (grant.Node, grant.Pool)).Count());
        foreach (var grant in grants)
        {
            Assert.NotEqual(_granted.GetValueOrDefault((grant.Node, grant.Pool)), grant.Executors);
            Assert.True(grant.Executors >= 0);
            _granted[(grant.Node, grant.Pool)] = grant.Executors;
        }
    }

    private void Check()
    {
        var open = _nodes.Where(node => !node.Value.IsDraining).ToDictionary(node => node.Key, node => node.Value.Slots);
        Assert.DoesNotContain(_granted, granted => granted.Value > 0 && !open.ContainsKey(granted.Key.Node));
        var totals = _wanted.Keys.ToDictionary(pool => pool, pool => _granted.Where(granted => granted.Key.Pool == pool)
            .Sum(granted => granted.Value));
        Assert.All(totals, pool => Assert.InRange(pool.Value, open.Count > 0 ? 1 : 0, open.Count > 0 ? _wanted[pool.Key] : 0));
        var (capacity, wanted, given) = (open.Values.Sum(), _wanted.Values.Sum(executors => (long)executors), totals.Values.Sum());
        if (open.Count > 0)
            Assert.Equal(Math.Max(totals.Count, Math.Min(capacity, wanted)), given);
        foreach (var (rich, poor) in totals.SelectMany(rich => totals.Select(poor => (rich, poor))))
            Assert.True(rich.Value < poor.Value + 2 || poor.Value == _wanted[poor.Key],
                "One pool has two more than another that wants more.");
    }
}
