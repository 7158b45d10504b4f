using Actors.Coordinator.Clients;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Nodes;

/// <content>Lists the nodes and the pools for operators.</content>
public sealed partial class NodesActor
{
    private const int MaxListedPools = 1000;

    /// <summary>The bytes of a node or a pool in a list, with a name that was cut.</summary>
    private const int ListedSize = 4 << 10;

    private readonly ListRequests<OperatorList> _listRequests = new();

    private enum OperatorList
    {
        Nodes,
        Pools,
    }

    private void AddListRequest(OperatorList list)
    {
        if (_listRequests.Add(list, Sender, Now) is not { } wait)
            return;
        if (wait > TimeSpan.Zero)
            Timers.StartSingleTimer(list, new OperatorListDue(list), wait);
        else
            SendList(list);
    }

    /// <summary>Sends one list to all that wait for it. A program that does not read its lists gets no further ones.</summary>
    private void SendList(OperatorList list)
    {
        var (reply, count) = list == OperatorList.Nodes ? CreateNodeList() : CreatePoolList();
        foreach (var request in _listRequests.Take(list, Now))
            AnswerReceipts.TrySend(Context.System, request, reply, (long)ListedSize * count, Self);
    }

    private (IWireMessage Reply, int Count) CreateNodeList()
    {
        var nodes = ListNodes(_ => true);
        return (new NodeProtocol.ListNodesReply(nodes), nodes.Length);
    }

    private (IWireMessage Reply, int Count) CreatePoolList()
    {
        var pools = _pools.Take(MaxListedPools).Select(pool => DescribePool(pool.Key, pool.Value.Spec)).ToArray();
        return (new PoolProtocol.ListPoolsReply([.. pools], _pools.Count), pools.Length);
    }

    private PoolInfo DescribePool(PoolId id, PoolSpec spec)
    {
        var report = _reports.GetValueOrDefault(id);
        var figures = report?.Figures ?? default;
        return new PoolInfo(
            id, WireLimits.CutName(spec.DisplayName ?? spec.Name), spec.IsDurable, spec.Processes, figures.Executors, figures.Waiting,
            figures.Held, report?.Ended ?? []);
    }

    private sealed record OperatorListDue(OperatorList List);
}
