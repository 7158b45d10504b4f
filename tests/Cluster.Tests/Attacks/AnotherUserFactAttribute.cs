namespace Actors.Cluster.Tests.Attacks;

/// <summary>A long test that starts programs as another user, which only root may do.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AnotherUserFactAttribute : FactAttribute
{
    public AnotherUserFactAttribute() =>
        Skip = LongTests.Skip ?? (Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv") ? null
            : "Only root can start programs as another user.");
}
