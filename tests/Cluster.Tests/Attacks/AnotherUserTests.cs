using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>Another user of the machine has no access to programs on loopback, even without certificates and a configured key.</summary>
public sealed class AnotherUserTests : IDisposable
{
    private const int User = 65534;

    private readonly string _home = Directory.CreateTempSubdirectory("other-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task Client_OfAnotherUser_IsRefused()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync(withStore: true);

        await using var client = await RunAsAnotherAsync("Batch.dll", "--jobs", "10", "--connect", cluster.Address);

        Assert.NotEqual(0, await client.ExitAsync());
        Assert.Contains("denied", client.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task Node_OfAnotherUser_IsRefused()
    {
        await using var cluster = await TestCluster.StartAsync(1);

        await using var node = await RunAsAnotherAsync("Actors.WorkerNode.dll", "--join", cluster.Address, "--processes", "1", "--cache",
            Path.Combine(_home, "cache"));

        Assert.Equal(1, await node.ExitAsync());
        Assert.Contains("denied", node.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_OfAnotherUser_IsNotJoinedByANode()
    {
        await using var cluster = new TestCluster();
        await using var coordinator = await RunAsAnotherAsync("Actors.Coordinator.dll", "--port", $"{cluster.Port}");
        await coordinator.SaysAsync("coordinator listens");

        var node = cluster.LaunchNode(1);

        Assert.Equal(1, await node.ExitAsync());
        Assert.Contains("denied", node.Errors, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<RoleProcess> RunAsAnotherAsync(string assembly, params string[] arguments)
    {
        await using (var chown = RoleProcess.Start(["chown", $"{User}", _home], new Dictionary<string, string>()))
            Assert.Equal(0, await chown.ExitAsync());
        return RoleProcess.Start(
            ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "dotnet", "exec", Builds.Find(assembly), .. arguments],
            new Dictionary<string, string> { ["HOME"] = _home, ["TMPDIR"] = _home });
    }
}
