namespace Actors.Cluster.Tests.Long;

/// <summary>A test that takes long, or many processes: it runs where <c>ACTORS_LONG_TESTS</c> is 1, as in the whole check, and is skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() => Skip = LongTests.Skip;
}
