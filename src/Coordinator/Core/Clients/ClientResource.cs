namespace Actors.Coordinator.Clients;

/// <summary>A resource of a coordinator of which one client has a limited share.</summary>
public enum ClientResource
{
    /// <summary>Open pools.</summary>
    Pools,

    /// <summary>The bytes of its pending jobs and of the results that it has not acknowledged.</summary>
    JobMemory,

    /// <summary>Managed objects that it has created, and names that it has published.</summary>
    Objects,

    /// <summary>The bytes in these objects, and in calls that wait to put more into them.</summary>
    ObjectMemory,

    /// <summary>Its calls on managed objects that wait.</summary>
    WaitingCalls,

    /// <summary>Durable queues that it has used recently.</summary>
    DurableQueues,

    /// <summary>The bytes of answers that were made for it and that it has not received.</summary>
    UnreadAnswers,
}
