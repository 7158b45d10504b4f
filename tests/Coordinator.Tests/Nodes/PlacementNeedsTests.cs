using Actors.Coordinator.Nodes;
using Actors.Messages;
using Actors.Messages.Nodes;
using CsCheck;

namespace Actors.Coordinator.Tests.Nodes;

/// <summary>Pools with needs.</summary>
public sealed class PlacementNeedsTests
{
    private readonly PlacementState _state = new();
    private readonly Dictionary<(NodeId Node, PoolId Pool), int> _granted = [];

    [Fact]
    public void AddPool_RequiresALabel_IsPlacedOnNodesWithIt()
    {
        var (plain, special, pool) = (NodeId.New(), NodeId.New(), PoolId.New());
        Apply(_state.AddNode(plain, 4));
        Apply(_state.AddPool(pool, 0, new NodeTraits(["gpu"], [])));
        Assert.Empty(_granted);

        Apply(_state.AddNode(special, 2, new NodeTraits(["gpu", "zone=a"], [])));

        Assert.Equal(2, _granted[(special, pool)]);
        Assert.False(_granted.ContainsKey((plain, pool)));
    }

    [Fact]
    public void AddPool_RequiresResources_SharesThoseOfTheNode()
    {
        var (node, first, second) = (NodeId.New(), PoolId.New(), PoolId.New());
        Apply(_state.AddNode(node, 8, new NodeTraits([], [new ResourceAmount("gpu", 2)])));
        Apply(_state.AddPool(first, 0, new NodeTraits([], [new ResourceAmount("gpu", 0.5m)])));
        Assert.Equal(4, _granted[(node, first)]);

        Apply(_state.AddPool(second, 0, new NodeTraits([], [new ResourceAmount("gpu", 1)])));

        Assert.Equal(2, _granted[(node, first)]);
        Assert.Equal(1, _granted[(node, second)]);
    }

    [Fact]
    public void AddPool_CannotUseSomeSlots_LeavesThemToOthers()
    {
        var (plain, special, picky, any) = (NodeId.New(), NodeId.New(), PoolId.New(), PoolId.New());
        Apply(_state.AddNode(plain, 4));
        Apply(_state.AddNode(special, 2, new NodeTraits(["gpu"], [])));
        Apply(_state.AddPool(picky, 0, new NodeTraits(["gpu"], [])));
        Apply(_state.AddPool(any, 0));

        Assert.Equal(6, _granted.Values.Sum());
        Assert.True(_granted[(special, picky)] >= 1);
        Assert.Equal(4, _granted[(plain, any)]);
    }

    /// <summary>
    /// After any steps, no pool runs without its labels, no resource is exceeded, and every pool that can run has an executor.
    /// </summary>
    [Fact]
    public void Placement_AfterAnyHistory_MeetsAllNeeds()
    {
        var step = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[1, 5], Gen.Bool, Gen.Int[0, 3]);
        step.Array[1, 30].Sample(
            steps =>
            {
                var history = new PlacementNeedsTests();
                var nodes = new Dictionary<NodeId, (int Slots, NodeTraits Traits)>();
                var pools = new Dictionary<PoolId, NodeTraits>();
                foreach (var (kind, which, number, hasLabel, amount) in steps)
                {
                    var traits = new NodeTraits(hasLabel ? ["special"] : [], amount > 0 ? [new ResourceAmount("gpu", amount)] : []);
                    history.Do(nodes, pools, kind, which, number, traits);
                    history.Check(nodes, pools);
                }
            },
            iter: 1000);
    }

    private void Do(Dictionary<NodeId, (int, NodeTraits)> nodes, Dictionary<PoolId, NodeTraits> pools, int kind, int which, int number,
        NodeTraits traits)
    {
        var (node, pool) = (new NodeId(new Guid(which + 1, 0, 0, new byte[8])), new PoolId(new Guid(which + 1, 0, 0, new byte[8])));
        switch (kind)
        {
            case 0 when nodes.TryAdd(node, (number, traits)): Apply(_state.AddNode(node, number, traits)); break;
            case 1 when pools.TryAdd(pool, traits): Apply(_state.AddPool(pool, number, traits)); break;
            case 2 when nodes.Remove(node):
                foreach (var gone in _granted.Keys.Where(key => key.Node == node).ToList())
                    _granted.Remove(gone);
                Apply(_state.RemoveNode(node));
                break;
            case 3 when pools.Remove(pool): Apply(_state.RemovePool(pool)); break;
        }
    }

    private void Check(Dictionary<NodeId, (int Slots, NodeTraits Traits)> nodes, Dictionary<PoolId, NodeTraits> pools)
    {
        foreach (var ((node, pool), executors) in _granted.Where(granted => granted.Value > 0))
            Assert.Subset(nodes[node].Traits.Labels.ToHashSet(), pools[pool].Labels.ToHashSet());
        foreach (var (node, (_, traits)) in nodes)
            Assert.True(Used(node, pools) <= Amount(traits));
        foreach (var (pool, needs) in pools.Where(pool => _granted.Where(granted => granted.Key.Pool == pool.Key)
            .Sum(granted => granted.Value) == 0))
        {
            Assert.DoesNotContain(nodes, node =>
                needs.Labels.All(node.Value.Traits.Labels.Contains) && Amount(node.Value.Traits) - Used(node.Key, pools) >= Amount(needs));
        }
    }

    private decimal Used(NodeId node, Dictionary<PoolId, NodeTraits> pools) =>
        _granted.Where(granted => granted.Key.Node == node && granted.Value > 0)
            .Sum(granted => granted.Value * Amount(pools[granted.Key.Pool]));

    private static decimal Amount(NodeTraits traits) => traits.Resources.Sum(resource => resource.Amount);

    private void Apply(IEnumerable<ExecutorGrant> grants)
    {
        foreach (var grant in grants)
            _granted[(grant.Node, grant.Pool)] = grant.Executors;
    }
}
