using Actors.Coordinator.Nodes;
using Actors.Messages;
using CsCheck;

namespace Actors.Coordinator.Tests.Nodes;

public class PlacementStatePropertyTests
{
    [Fact]
    public void Placement_AfterAnyHistory_KeepsItsInvariants() => Gen.Select(Gen.Int[0, 9], Gen.Int[0, 7], Gen.Int[0, 6]).Array[1, 40]
        .Sample(steps =>
    {
        var history = new PlacementHistory();
        foreach (var (kind, which, number) in steps)
            history.Do(kind, which, number);
    }, iter: 2000);

    [Fact]
    public void AddPool_TooFewSlots_SharesThemEqually()
    {
        var state = new PlacementState();
        state.AddNode(PlacementHistory.NodeAt(0), 7);
        state.AddPool(PlacementHistory.PoolAt(0), 1);
        Assert.Contains(state.AddPool(PlacementHistory.PoolAt(1), 0), grant => grant.Executors == 6);
        Assert.Equal(
            [(1, 3), (2, 3)],
            state.AddPool(PlacementHistory.PoolAt(2), 0)
                .Select(grant => (Array.IndexOf(PlacementHistory.Pools, grant.Pool), grant.Executors)).Order());
    }

    /// <summary>The slots of many nodes took minutes to place, and all leases expired meanwhile.</summary>
    [Fact]
    public void AddPool_AbsurdSlots_AreGrantedInPartAndTakeNoneFromOthers()
    {
        var state = new PlacementState();
        var honest = NodeId.New();
        state.AddNode(honest, 8);
        for (var i = 0; i < 1000; i++)
            state.AddNode(NodeId.New(), 4096);

        var grants = state.AddPool(PlacementHistory.PoolAt(0), 0);

        Assert.InRange(grants.Sum(grant => grant.Executors), PlacementState.MaxSlots / 2, PlacementState.MaxSlots);
        Assert.Equal(8, grants.Single(grant => grant.Node == honest).Executors);
    }

    [Fact]
    public void Remove_UnknownNodeOrPool_ChangesNothing()
    {
        var state = new PlacementState();
        state.AddNode(PlacementHistory.NodeAt(0), 2);
        state.AddPool(PlacementHistory.PoolAt(0), 0);
        Assert.Empty(state.RemoveNode(PlacementHistory.NodeAt(1)));
        Assert.Empty(state.DrainNode(PlacementHistory.NodeAt(1)));
        Assert.Empty(state.RemovePool(PlacementHistory.PoolAt(1)));
        Assert.Single(state.DrainNode(PlacementHistory.NodeAt(0)));
        Assert.Empty(state.DrainNode(PlacementHistory.NodeAt(0)));
    }
}
