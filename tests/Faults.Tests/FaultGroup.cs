namespace Actors.Faults.Tests;

/// <summary>The collection of all tests that cause faults. They run one after the other: each needs the machine for itself.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultGroup
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "faults";
}
