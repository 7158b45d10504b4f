using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Long;

/// <summary>Like <see cref="LongFactAttribute"/>, for tests that need a firewall.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FirewallFactAttribute : FactAttribute
{
    public FirewallFactAttribute() => Skip = LongTests.Skip ?? Firewall.Missing;
}
