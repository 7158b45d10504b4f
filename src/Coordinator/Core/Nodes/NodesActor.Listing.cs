using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Nodes;

/// <content>Lists the pools for operators.</content>
public sealed partial class NodesActor
{
    private const int MaxListedPools = 1000;

    private PoolProtocol.ListPoolsReply ListPools() =>
        new([.. _pools.Take(MaxListedPools).Select(pool => DescribePool(pool.Key, pool.Value.Spec))], _pools.Count);

    private PoolInfo DescribePool(PoolId id, PoolSpec spec)
    {
        var report = _reports.GetValueOrDefault(id);
        var figures = report?.Figures ?? default;
        return new PoolInfo(
            id, WireLimits.CutName(spec.DisplayName ?? spec.Name), spec.IsDurable, spec.Processes, figures.Executors, figures.Waiting,
            figures.Held, report?.Ended ?? []);
    }
}
