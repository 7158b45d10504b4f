using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>A cluster with encrypted connections.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _own = new();
    private readonly TestCertificates _foreign = new();

    public void Dispose()
    {
        _own.Dispose();
        _foreign.Dispose();
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Cluster_WithCertificates_AcceptsOnlyThoseOfItsAuthority()
    {
        await using var cluster = new TestCluster();
        await cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--tls", _own.Make("coordinator"))
            .SaysAsync("coordinator listens");
        RoleProcess[] strangers =
        [
            cluster.LaunchNode(1),
            LaunchNode(cluster, 11, _foreign.Make("signed-by-another", believing: _own)),
            LaunchNode(cluster, 12, _own.Make("over", days: -1)),
            LaunchNode(cluster, 13, _own.Make("for-servers", isForServersOnly: true)),
            LaunchNode(cluster, 14, _own.Make("believes-another", believing: _foreign)),
        ];
        SendNoise(cluster.Port);
        var plain = cluster.Run("Actors.Cluster.Tests.dll", cluster.Address, "once");
        var foreign = RunClient(cluster, _foreign.Make("client", believing: _own));

        await LaunchNode(cluster, 15, _own.Make("node")).SaysAsync("joined");
        await RunClient(cluster, _own.Make("client")).SaysAsync("result 49");

        await plain.SaysAsync("failed CoordinatorUnreachableException");
        await foreign.SaysAsync("failed CoordinatorUnreachableException");
        Assert.All(strangers, stranger => Assert.DoesNotContain("joined", stranger.Output, StringComparison.Ordinal));
        await RunClient(cluster, _own.Make("client2")).SaysAsync("result 49");
        // The certificates of a connection string.
        await using var pool = await ProcessPool.StartAsync(1, $"{cluster.Address};Tls={_own.Make("client3")}");
        Assert.Equal(49, await pool.ApplyAsync(x => x * x, 7));
    }

    [Theory(Timeout = Guard.Milliseconds)]
    [InlineData("Actors.Coordinator.dll", "--host", "0.0.0.0")]
    [InlineData("Actors.WorkerNode.dll", "--host", "0.0.0.0", "--join", "127.0.0.1:4053")]
    public async Task Program_RemoteListenerWithoutCertificates_RefusesToStart(string assembly, params string[] arguments)
    {
        await using var cluster = new TestCluster();

        var program = cluster.Run(assembly, [.. arguments, "--port", $"{cluster.Port}"]);

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains("--tls", program.Errors, StringComparison.Ordinal);
        Assert.Contains("--insecure", program.Errors, StringComparison.Ordinal);
    }

    /// <summary>The token of a metrics client must not be visible on the network.</summary>
    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_RemoteHttpWithoutCertificates_RefusesToStart()
    {
        await using var cluster = new TestCluster();
        var token = Path.Combine(Directory.CreateDirectory(cluster.CacheOf(1)).FullName, "token");
        await File.WriteAllTextAsync(token, "a token for these tests");
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var coordinator = cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--http", $"0.0.0.0:{Ports.FindFree()}",
            "--http-token-file", token);

        Assert.Equal(1, await coordinator.ExitAsync());
        Assert.StartsWith("0.0.0.0 is not this machine's own address", coordinator.Errors, StringComparison.Ordinal);
        Assert.Equal("", coordinator.Output);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_Insecure_Listens()
    {
        await using var cluster = new TestCluster();
        await cluster.Run("Actors.Coordinator.dll", "--host", "0.0.0.0", "--port", $"{cluster.Port}", "--insecure")
            .SaysAsync("coordinator listens");
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_RemoteBindWithoutCertificates_RefusesToStart()
    {
        await using var cluster = new TestCluster();

        var coordinator = cluster.Run("Actors.Coordinator.dll", "--bind", "0.0.0.0", "--port", $"{cluster.Port}");

        Assert.Equal(1, await coordinator.ExitAsync());
        Assert.StartsWith("0.0.0.0 is not this machine's own address", coordinator.Errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Client_RemoteCoordinatorWithoutCertificates_Refuses()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ProcessPool.StartAsync(connect: "192.0.2.1:4053"));
        Assert.Contains("ACTORS_TLS_DIRECTORY", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_MissingCertificates_NamesThem()
    {
        await using var cluster = new TestCluster();
        var directory = _own.Make("broken");
        File.Delete(Path.Combine(directory, "tls.key"));

        var coordinator = cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--tls", directory);

        Assert.Equal(2, await coordinator.ExitAsync());
        Assert.Contains("tls.key", coordinator.Errors, StringComparison.Ordinal);
    }

    private static RoleProcess LaunchNode(TestCluster cluster, int number, string certificates) => cluster.Run(
        "Actors.WorkerNode.dll", "--join", cluster.Address, "--processes", "1", "--cache", cluster.CacheOf(number), "--tls", certificates);

    private static RoleProcess RunClient(TestCluster cluster, string certificates) =>
        cluster.RunWith(new() { ["ACTORS_TLS_DIRECTORY"] = certificates }, "Actors.Cluster.Tests.dll", cluster.Address, "once");

    /// <summary>Random bytes, a huge length, and nothing at all.</summary>
    private static void SendNoise(int port)
    {
        foreach (var noise in new[] { RandomNumberGenerator.GetBytes(5000), [0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3], [] })
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            client.GetStream().Write(noise);
        }
    }
}
