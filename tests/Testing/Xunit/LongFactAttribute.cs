namespace Actors.Testing;

/// <summary>A test that waits for real timeouts, or starts many processes. It runs in <c>scripts/soak</c> and is skipped by <c>dotnet test</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() => Skip = LongTests.Skip;
}
