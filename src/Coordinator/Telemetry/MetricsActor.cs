using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Remoting.Dispatch;

namespace Actors.Coordinator.Telemetry;

/// <summary>Updates the figures of the meter from the reports of pools and nodes.</summary>
internal sealed class MetricsActor : HandlerActor
{
    public MetricsActor(CoordinatorMeter meter)
    {
        Receive<PoolReport>(meter.UpdateFrom);
        Receive<NodesReport>(meter.UpdateFrom);
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
