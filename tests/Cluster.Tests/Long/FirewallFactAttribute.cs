using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Long;

/// <summary>As <see cref="LongFactAttribute"/>, where programs can be cut off from one another.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FirewallFactAttribute : FactAttribute
{
    public FirewallFactAttribute() => Skip = LongTests.Skip ?? Firewall.Missing;
}
