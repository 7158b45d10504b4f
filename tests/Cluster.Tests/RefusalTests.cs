using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>What is wrong is said, at once and in words.</summary>
public sealed class RefusalTests
{
    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Pool_WithNoCoordinatorThere_SaysWhere()
    {
        var address = $"127.0.0.1:{TestCluster.FreePort()}";
        var clock = Stopwatch.StartNew();

        var exception = await Assert.ThrowsAsync<CoordinatorUnreachableException>(() => ProcessPool.StartAsync(connect: address));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Contains(address, exception.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = Guard.Milliseconds)]
    [InlineData("")]
    [InlineData("127.0.0.1:port")]
    [InlineData("127.0.0.1:0")]
    [InlineData("a b:4053")]
    public async Task Pool_WithABadAddress_IsAFormatException(string address) =>
        await Assert.ThrowsAsync<FormatException>(() => ProcessPool.StartAsync(connect: address));

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_OnAPortInUse_ExitsWithOneAndSaysSo()
    {
        await using var cluster = new TestCluster();
        using var holder = new TcpListener(IPAddress.Loopback, cluster.Port);
        holder.Start();

        var coordinator = cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}");

        Assert.Equal(1, await coordinator.ExitAsync());
        Assert.Contains($"Port {cluster.Port} of 127.0.0.1 is in use", coordinator.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", coordinator.Errors, StringComparison.Ordinal);
    }

    [Theory(Timeout = Guard.Milliseconds)]
    [InlineData("--join", "nowhere:port")]
    [InlineData("--join", "127.0.0.1:4053", "--processes", "0")]
    [InlineData("--processes", "1")]
    public async Task WorkerNode_WithABadArgument_ExitsWithTwo(params string[] arguments)
    {
        await using var cluster = new TestCluster();

        var node = cluster.Run("Actors.WorkerNode.dll", arguments);

        Assert.Equal(2, await node.ExitAsync());
        Assert.Contains(arguments.Contains("0") ? "--processes" : "--join", node.Errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Pool_WithoutAnyWorkerNode_FailsAndSaysHowToStartOne()
    {
        await using var cluster = await TestCluster.StartAsync();
        var options = new PoolOptions { WorkersWait = TimeSpan.FromSeconds(1) };
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: options);

        var exception = await Assert.ThrowsAsync<PoolFailedException>(async () => await pool.ApplyAsync(Functions.Square, 7));

        Assert.Contains("--join", exception.Message, StringComparison.Ordinal);
    }
}
