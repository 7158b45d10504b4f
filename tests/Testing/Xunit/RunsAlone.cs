namespace Actors.Testing;

/// <summary>The collection of test classes that measure the whole process or machine. No other test runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "runs alone";
}
