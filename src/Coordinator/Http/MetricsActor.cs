using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Http;

/// <summary>Updates the metrics from the reports of pools and nodes.</summary>
internal sealed class MetricsActor : ReceiveActor
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
