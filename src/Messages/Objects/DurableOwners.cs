namespace Actors.Messages.Objects;

/// <summary>The owner names of durable objects. The owning coordinator can change.</summary>
public static class DurableOwners
{
    /// <summary>Durable objects in the store of a cluster's coordinators.</summary>
    public const string Cluster = "durable";

    /// <summary>Durable objects in a store of the program itself.</summary>
    public const string Program = "durable-here";
}
