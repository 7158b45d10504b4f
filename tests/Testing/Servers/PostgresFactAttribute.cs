namespace Actors.Testing;

/// <summary>A <see cref="LongFactAttribute"/> with a PostgreSQL server. Skipped with the reason on a machine without one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = LongTests.Skip ?? PostgresServer.FindMissing();
}
