using Actors.Coordinator.Nodes;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Resources;

/// <summary>
/// Nodes run no more workers than they have slots and resources for, except for the first worker of a pool. Slots are shared fairly, and
/// none is left free while a pool wants a worker.
/// </summary>
internal sealed class CheckedPlacement(SimulatedWorld world) : CheckedState(world)
{
    private const int Parts = 4;
    private static readonly NodeTraits Gpu = new(["fast"], [new ResourceAmount("gpu", 1)]);
    private static readonly NodeTraits ManyGpus = new(["fast"], [new ResourceAmount("gpu", 2)]);

    private readonly PlacementState _state = new();
    private readonly Dictionary<NodeId, CheckedNode> _nodes = [];
    private readonly Dictionary<PoolId, CheckedPool> _pools = [];
    private readonly Dictionary<(NodeId Node, PoolId Pool), int> _granted = [];

    public override void CallState(int argument)
    {
        var (node, pool) = (NodeOf(argument / 4 % Parts), PoolOf(argument / 4 % Parts));
        var (number, needsGpu) = (argument / 16 % 5, argument / 80 % 3 == 0);
        switch (argument % 4)
        {
            case 0 when !_nodes.ContainsKey(node):
                _nodes[node] = new CheckedNode(number + 1, needsGpu);
                Apply(_state.AddNode(node, number + 1, needsGpu ? ManyGpus : null));
                break;
            case 1 when !_pools.ContainsKey(pool):
                _pools[pool] = new CheckedPool(number == 0 ? int.MaxValue : number, needsGpu);
                Apply(_state.AddPool(pool, number, needsGpu ? Gpu : null));
                break;
            case 2:
                _pools.Remove(pool);
                Apply(_state.RemovePool(pool));
                break;
            case 3 when number == 0 && _nodes.TryGetValue(node, out var drained):
                drained.IsDraining = true;
                Apply(_state.DrainNode(node));
                break;
        }

        CompareAll();
    }

    public override void LosePart(StepKind kind, int argument)
    {
        if (kind != StepKind.CrashNode)
            return;
        RemoveNode(NodeOf(argument % Parts));
        CompareAll();
    }

    public override void CheckEnd()
    {
        foreach (var pool in _pools.Keys.ToList())
        {
            _pools.Remove(pool);
            Apply(_state.RemovePool(pool));
        }

        Require(_granted.Values.All(granted => granted == 0), Invariant.Grants, $"No pool exists, and nodes run workers.");
        foreach (var node in _nodes.Keys.ToList())
            RemoveNode(node);
        Require(_state.Slots == 0, Invariant.Slots, $"No node exists, and there are {_state.Slots} slots.");
    }

    private void RemoveNode(NodeId node)
    {
        _nodes.Remove(node);
        foreach (var lost in _granted.Keys.Where(key => key.Node == node).ToList())
            _granted.Remove(lost);
        Apply(_state.RemoveNode(node));
    }

    /// <summary>Each grant must be a change.</summary>
    private void Apply(IReadOnlyList<ExecutorGrant> grants)
    {
        foreach (var (node, pool, executors) in grants)
        {
            Require(
                executors >= 0 && _granted.GetValueOrDefault((node, pool)) != executors,
                Invariant.Grants, $"Node {node} is told again to run {executors} workers.");
            Require(
                executors == 0 || (_nodes.TryGetValue(node, out var known) && !known.IsDraining && _pools.ContainsKey(pool)),
                Invariant.Grants, $"A removed node or pool is granted {executors} workers.");
            _granted[(node, pool)] = executors;
        }
    }

    private void CompareAll()
    {
        Require(
            _state.Slots == _nodes.Values.Sum(node => node.Slots), Invariant.Slots, $"The nodes have other than {_state.Slots} slots.");
        var open = _nodes.Where(node => !node.Value.IsDraining).ToDictionary();
        foreach (var (id, pool) in _pools)
            CheckPool(id, pool, open);
        foreach (var (id, node) in open)
            CheckNode(id, node);
        foreach (var node in _nodes.Keys)
        {
            var info = _state.DescribeNode(node, "name");
            Require(
                info.IsDraining == _nodes[node].IsDraining && info.Slots == _nodes[node].Slots && info.Granted == CountOn(node),
                Invariant.Slots, $"Node {node} is described as {info}.");
        }
    }

    private void CheckPool(PoolId id, CheckedPool pool, Dictionary<NodeId, CheckedNode> open)
    {
        var total = CountFor(id);
        var nodes = _granted.Where(granted => granted.Key.Pool == id && granted.Value > 0).Select(granted => granted.Key.Node).ToHashSet();
        Require(_state.CountGranted(id) == total && nodes.SetEquals(_state.FindNodesOf(id)), Invariant.Grants,
            $"Pool {id} has {total} workers on {nodes.Count} nodes, not {_state.CountGranted(id)}.");
        Require(total <= pool.Wanted, Invariant.Grants, $"Pool {id} wants {pool.Wanted} workers and has {total}.");
        Require(nodes.All(node => open[node].HasGpu || !pool.NeedsGpu), Invariant.Grants, $"Pool {id} runs on a node without its needs.");
        // Of the nodes with a GPU, another pool may use all.
        if (!pool.NeedsGpu)
            Require(open.Count == 0 || total > 0, Invariant.Grants, $"Pool {id} has no worker.");
        if (total == pool.Wanted || pool.NeedsGpu)
            return;
        Require(
            open.All(node => CountOn(node.Key) >= node.Value.Slots),
            Invariant.Grants, $"Pool {id} wants more workers, and a node has free slots.");
        foreach (var (other, rich) in _pools)
        {
            Require(
                rich.NeedsGpu || CountFor(other) <= total + 1 || _pools.Values.Any(any => any.NeedsGpu),
                Invariant.Grants, $"Pool {other} has {CountFor(other)} workers, and pool {id} wants more than {total}.");
        }
    }

    /// <summary>Beyond its slots, a node runs only the first worker of each pool.</summary>
    private void CheckNode(NodeId id, CheckedNode node)
    {
        var single = _pools.Keys.Count(pool => CountFor(pool) == 1 && _granted.GetValueOrDefault((id, pool)) == 1);
        Require(
            CountOn(id) <= node.Slots + single,
            Invariant.Slots, $"Node {id} has {node.Slots} slots and runs {CountOn(id)} workers.");
        var gpus = _pools.Where(pool => pool.Value.NeedsGpu).Sum(pool => _granted.GetValueOrDefault((id, pool.Key)));
        Require(gpus <= 2, Invariant.Grants, $"Node {id} has two GPUs and runs {gpus} workers that need one.");
    }

    private int CountOn(NodeId node) => _granted.Where(granted => granted.Key.Node == node).Sum(granted => granted.Value);

    private int CountFor(PoolId pool) => _granted.Where(granted => granted.Key.Pool == pool).Sum(granted => granted.Value);

    private static NodeId NodeOf(int index) => new(new Guid(index + 1, 0, 0, new byte[8]));

    private static PoolId PoolOf(int index) => new(new Guid(index + 1, 1, 0, new byte[8]));

    private sealed record CheckedNode(int Slots, bool HasGpu)
    {
        public bool IsDraining { get; set; }
    }

    private sealed record CheckedPool(int Wanted, bool NeedsGpu);
}
