namespace Actors.Coordinator;

/// <summary>The subjects of log events.</summary>
public enum LogSubject
{
    /// <summary>A coordinator of the cluster.</summary>
    Coordinator,

    /// <summary>A worker node.</summary>
    WorkerNode,

    /// <summary>A durable queue.</summary>
    DurableQueue,

    /// <summary>The store of durable pools and queues.</summary>
    Store,
}
