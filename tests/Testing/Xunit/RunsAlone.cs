namespace Actors.Testing;

/// <summary>The collection of test classes that look at something the whole process or machine shares: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "runs alone";
}
