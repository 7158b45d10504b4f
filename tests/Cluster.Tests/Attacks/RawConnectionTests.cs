using System.Buffers.Binary;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>Connections that cannot authenticate cost a coordinator little and block no other client.</summary>
public sealed class RawConnectionTests
{
    private const int Frame = 15 << 20;
    private const int Connections = 80;
    private const long MostGrowth = 200 << 20;

    private static readonly byte[] Http = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
    private static readonly byte[] TlsHello = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task HalfFrames_OfManyConnections_LeaveMemoryFlat()
    {
        await using var cluster = await ReadyClusterAsync();
        var before = ResidentMemory(cluster);
        var connections = new List<RawConnection>();
        for (var i = 0; i < Connections; i++)
            connections.Add(await RawConnection.OpenAsync(cluster.Port));
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await Task.WhenAll(connections.Select(connection => SendHalfAFrameAsync(connection, enough.Token)));

        var during = ResidentMemory(cluster);
        connections.ForEach(connection => connection.Dispose());

        Assert.InRange(during - before, long.MinValue, MostGrowth);
        await cluster.AssertWorksAsync();
    }

    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData("nothing")]
    [InlineData("http")]
    [InlineData("tls")]
    [InlineData("random")]
    [InlineData("negative length")]
    [InlineData("largest length")]
    public async Task Connection_ThatDoesNotAuthenticate_IsClosed(string sent)
    {
        await using var cluster = await ReadyClusterAsync();
        using var connection = await RawConnection.OpenAsync(cluster.Port);

        await connection.SendAsync(BytesOf(sent));

        await connection.WaitForCloseAsync();
        await cluster.AssertWorksAsync();
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Connection_ThatSendsSlowly_IsClosed()
    {
        await using var cluster = await ReadyClusterAsync();
        using var connection = await RawConnection.OpenAsync(cluster.Port);
        var frame = new byte[4 + 1000];
        BinaryPrimitives.WriteInt32LittleEndian(frame, 1000);

        await connection.SendSlowlyAsync(frame, TimeSpan.FromMilliseconds(500));

        await cluster.AssertWorksAsync();
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task IdleConnections_Many_BlockNoClient()
    {
        await using var cluster = await ReadyClusterAsync();
        var connections = new List<RawConnection>();
        for (var i = 0; i < 500; i++)
            connections.Add(await RawConnection.OpenAsync(cluster.Port));

        await cluster.AssertWorksAsync();

        connections.ForEach(connection => connection.Dispose());
    }

    private static async Task<TestCluster> ReadyClusterAsync()
    {
        var cluster = await TestCluster.StartAsync(1);
        await cluster.AssertWorksAsync();
        return cluster;
    }

    private static async Task SendHalfAFrameAsync(RawConnection connection, CancellationToken cancellationToken)
    {
        var half = new byte[Frame / 2];
        BinaryPrimitives.WriteInt32LittleEndian(half, Frame);
        await connection.TrySendAsync(half, cancellationToken);
    }

    private static byte[] BytesOf(string sent)
    {
        var bytes = new byte[4096];
        new Random(11).NextBytes(bytes);
        switch (sent)
        {
            case "nothing": return [];
            case "http": return Http;
            case "tls": return TlsHello;
            case "random": return bytes;
            case "negative length": return [0xff, 0xff, 0xff, 0xff, 1, 2, 3];
            case "largest length": return [0, 0, 0, 1, 1, 2, 3];
            default: throw new ArgumentOutOfRangeException(nameof(sent));
        }
    }

    private static long ResidentMemory(TestCluster cluster) => ProcessStatus.ResidentBytes(
        cluster.Processes().Single(id => File.ReadAllText($"/proc/{id}/cmdline")
            .Contains("Actors.Coordinator.dll", StringComparison.Ordinal)));
}
