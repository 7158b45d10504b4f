using System.Buffers.Binary;
using System.Security.Cryptography.X509Certificates;
using Actors.Compose.Tests.Programs;

namespace Actors.Compose.Tests;

/// <summary>
/// Attacks from the network of the containers, without a certificate or with one that gives no rights. No attack ends a program, fills
/// its memory, or blocks other clients.
/// </summary>
[Collection(ComposeCollection.Name)]
public sealed class AttackTests(ComposeCluster cluster)
{
    private const int Connections = 80;
    private const int FrameLength = 15 << 20;
    private const long MostGrowth = 200 << 20;

    /// <summary>Each connection announces a frame of 15 MiB and sends half of it.</summary>
    [ComposeFact]
    public async Task HalfFrames_WithoutACertificate_UseLittleMemory() =>
        await AssertHarmlessAsync(async program =>
        {
            var connections = await ManyConnections.OpenAsync(Connections, () => RawConnection.OpenAsync(program.Port, program.Host));
            var half = new byte[FrameLength / 2];
            BinaryPrimitives.WriteInt32LittleEndian(half, FrameLength);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await Task.WhenAll(connections.Select(connection => connection.TrySendAsync(half, limit.Token)));
            return connections;
        });

    [ComposeFact]
    public async Task RandomBytes_WithoutACertificate_AreRefused() =>
        await AssertHarmlessAsync(async program =>
        {
            var random = new Random(11);
            var connections = await ManyConnections.OpenAsync(Connections, () => RawConnection.OpenAsync(program.Port, program.Host));
            foreach (var connection in connections)
                await connection.SendAsync(RandomBytes(random));
            await Task.WhenAll(connections.Select(connection => connection.WaitForCloseAsync()));
            return connections;
        });

    /// <summary>The attacker has stolen certificates of both roles, without the cluster's keys.</summary>
    [ComposeFact]
    public async Task RandomFrames_AfterTls_AreRefused()
    {
        foreach (var role in new[] { "client", "worker" })
        {
            using var certificate = TlsConnection.CertificateIn(Path.Combine(cluster.Secrets, "tls", role));
            await AssertHarmlessAsync(program => SendRandomFramesAsync(program, certificate));
        }
    }

    [ComposeFact]
    public async Task TlsHandshakes_Incomplete_UseLittleMemoryAndAreClosed()
    {
        using var certificate = TlsConnection.CertificateIn(Path.Combine(cluster.Secrets, "tls", "client"));
        await AssertHarmlessAsync(async program =>
        {
            var connections = await ManyConnections.OpenAsync(
                Connections, () => TlsConnection.BeginAsync(program.Port, certificate, program.Host));
            await Task.WhenAll(connections.Select(connection => connection.WaitForCloseAsync()));
            return connections;
        });
    }

    private static async Task<IReadOnlyList<IDisposable>> SendRandomFramesAsync(AttackedProgram program, X509Certificate2 certificate)
    {
        var random = new Random(12);
        var connections = await ManyConnections.OpenAsync(
                Connections, () => TlsConnection.OpenAsync(program.Port, certificate, program.Host));
        foreach (var connection in connections)
        {
            var frame = RandomBytes(random);
            BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - sizeof(int));
            await connection.SendAsync(frame);
        }

        await Task.WhenAll(connections.Select(connection => connection.WaitForCloseAsync()));
        return connections;
    }

    /// <summary>Attacks each coordinator and node in turn while a client works. No program may restart or grow.</summary>
    private async Task AssertHarmlessAsync(Func<AttackedProgram, Task<IReadOnlyList<IDisposable>>> attack)
    {
        await cluster.RepairAsync();
        await AssertWorksAsync();
        foreach (var container in (await cluster.CoordinatorsAsync()).Concat(await cluster.NodesAsync()))
        {
            var program = await AttackedProgram.FindAsync(container);
            var (memory, started) = (ProcessStatus.ResidentBytes(program.ProcessId), await container.StartedAsync());

            var connections = await attack(program);
            await AssertWorksAsync();
            var growth = ProcessStatus.ResidentBytes(program.ProcessId) - memory;
            foreach (var connection in connections)
                connection.Dispose();

            Assert.InRange(growth, long.MinValue, MostGrowth);
            Assert.Equal(started, await container.StartedAsync());
        }
    }

    private static async Task AssertWorksAsync()
    {
        await using var pool = await ProcessPool.StartAsync(connect: ComposeCluster.Address);
        var squares = await pool.MapAsync(x => x * x, [1, 2, 3]);
        Assert.Equal([1, 4, 9], squares);
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(8, 2000)];
        random.NextBytes(bytes);
        return bytes;
    }
}
