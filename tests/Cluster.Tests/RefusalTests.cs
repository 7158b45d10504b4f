using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>Wrong settings are reported at once, with a clear message.</summary>
public sealed class RefusalTests
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Pool_NoCoordinator_NamesTheAddress()
    {
        var address = $"127.0.0.1:{Ports.FindFree()}";
        var clock = Stopwatch.StartNew();

        var exception = await Assert.ThrowsAsync<CoordinatorUnreachableException>(() => ProcessPool.StartAsync(
            connect: address, options: new PoolOptions { ConnectTimeout = TimeSpan.FromSeconds(1) }));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Contains(address, exception.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = Guard.Milliseconds)]
    [InlineData("")]
    [InlineData("127.0.0.1:port")]
    [InlineData("127.0.0.1:0")]
    [InlineData("a b:4053")]
    public async Task Pool_WithABadAddress_IsAFormatException(string address) =>
        await Assert.ThrowsAsync<FormatException>(() => ProcessPool.StartAsync(
            connect: address, options: new PoolOptions { ConnectTimeout = TimeSpan.FromSeconds(1) }));

    [Theory(Timeout = Guard.Milliseconds)]
    [InlineData("Actors.Coordinator.dll")]
    [InlineData("Actors.WorkerNode.dll", "--join", "127.0.0.1:4053")]
    public async Task Program_PortInUse_ExitsWithOne(string assembly, params string[] arguments)
    {
        await using var cluster = new TestCluster();
        using var holder = new TcpListener(IPAddress.Loopback, cluster.Port);
        holder.Start();

        var program = cluster.Run(assembly, [.. arguments, "--port", $"{cluster.Port}"]);

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains($"Port {cluster.Port} of 127.0.0.1 is in use", program.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", program.Errors, StringComparison.Ordinal);
    }

    /// <summary>Otherwise the node would join and run nothing.</summary>
    [Fact(Timeout = Guard.Milliseconds)]
    public async Task WorkerNode_MissingTemporaryDirectory_ExitsWithOne()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();

        var node = cluster.RunWith(new() { ["TMPDIR"] = cluster.CacheOf(9) }, "Actors.WorkerNode.dll", "--join", cluster.Address);

        Assert.Equal(1, await node.ExitAsync());
        Assert.Contains($"Cannot write to {cluster.CacheOf(9)}: there is no such directory. Create it, or set TMPDIR", node.Errors,
            StringComparison.Ordinal);
        Assert.DoesNotContain("joined", node.Output, StringComparison.Ordinal);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task WorkerNode_WithALongTemporaryDirectory_RunsJobs()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        var directory = Directory.CreateDirectory(Path.Combine(cluster.CacheOf(9), new string('x', 120))).FullName;
        var node = cluster.RunWith(
            new() { ["TMPDIR"] = directory }, "Actors.WorkerNode.dll", "--join", cluster.Address, "--processes", "1", "--cache",
                cluster.CacheOf(1));
        await node.SaysAsync("joined");
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);

        Assert.Equal(6, await cluster.DoneAsync(pool.ApplyAsync(x => x + 1, 5)));
    }

    [Theory(Timeout = Guard.Milliseconds)]
    [InlineData("--join", "nowhere:port")]
    [InlineData("--join", "127.0.0.1:4053", "--processes", "0")]
    [InlineData("--join", "127.0.0.1:4053", "--port", "many")]
    [InlineData("--join", "127.0.0.1:4053", "--idle-seconds", "many")]
    [InlineData("--processes", "1")]
    public async Task WorkerNode_WithABadArgument_ExitsWithTwo(params string[] arguments)
    {
        await using var cluster = new TestCluster();

        var node = cluster.Run("Actors.WorkerNode.dll", arguments);

        Assert.Equal(2, await node.ExitAsync());
        Assert.Contains(arguments.Length > 2 ? arguments[2] : "--join", node.Errors, StringComparison.Ordinal);
        Assert.Single(node.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(node.Output);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Pool_WithoutAnyWorkerNode_FailsAndSaysHowToStartOne()
    {
        await using var cluster = await TestCluster.StartAsync();
        var options = new PoolOptions { NodeTimeout = TimeSpan.FromSeconds(1) };
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: options);

        var exception = await Assert.ThrowsAsync<PoolFailedException>(async () => await pool.ApplyAsync(Functions.Square, 7));

        Assert.Contains("--join", exception.Message, StringComparison.Ordinal);
    }
}
