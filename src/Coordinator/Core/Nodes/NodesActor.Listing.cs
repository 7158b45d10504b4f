using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Nodes;

/// <content>Lists the pools for operators.</content>
internal sealed partial class NodesActor
{
    private const int MaxListedPools = 1000;

    private PoolProtocol.ListPoolsReply ListPools() =>
        new([.. _pools.Take(MaxListedPools).Select(pool => DescribePool(pool.Key, pool.Value.Spec))], _pools.Count);

    private PoolInfo DescribePool(PoolId id, PoolSpec spec)
    {
        var report = _reports.GetValueOrDefault(id) ?? new PoolReport(id, "", 0, 0, 0, [], 0, IsEnded: false);
        return new PoolInfo(
            id, spec.DisplayName ?? spec.Name, spec.IsDurable, spec.Processes, report.Executors, report.Waiting, report.Held, report.Ended);
    }
}
