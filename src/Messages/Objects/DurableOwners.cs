namespace Actors.Messages.Objects;

/// <summary>Where durable objects are at home: at whichever coordinator has them now.</summary>
internal static class DurableOwners
{
    /// <summary>In the store that a cluster's coordinators share.</summary>
    public const string Cluster = "durable";

    /// <summary>In a store of the program's own.</summary>
    public const string Program = "durable-here";
}
