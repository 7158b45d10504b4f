namespace Actors.Testing;

/// <summary>A test with real timeouts or many processes. It runs in <c>scripts/soak</c>; <c>dotnet test</c> skips it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() => Skip = LongTests.Skip;
}
