using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Remoting.Dispatch;

namespace Actors.Coordinator.Http;

/// <summary>Updates the metrics from the reports of pools and nodes.</summary>
internal sealed class MetricsActor : HandlerActor
{
    public MetricsActor(CoordinatorMetrics metrics)
    {
        Receive<PoolReport>(metrics.UpdateFrom);
        Receive<NodesReport>(metrics.UpdateFrom);
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(PoolReport));
        Context.System.EventStream.Subscribe(Self, typeof(NodesReport));
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
}
