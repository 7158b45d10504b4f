using System.Buffers.Binary;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>
/// An attacker with a certificate but no key: its connections cost little, block no other client, and leave nothing behind.
/// </summary>
public sealed class TlsConnectionTests
{
    private const int Connections = 400;
    private const long MostGrowth = 150 << 20;

    [LongFact(Timeout = 2 * Guard.Milliseconds)]
    public async Task HalfHandshakes_OfManyConnections_CostLittleAndAreClosed()
    {
        await using var cluster = await SecuredCluster.StartAsync();
        using var certificate = TlsConnection.CertificateIn(cluster.Certificates.Make("attacker", role: "client"));

        await AssertCheapAsync(cluster, () => TlsConnection.BeginAsync(cluster.CoordinatorAddress.Port, certificate));
    }

    /// <summary>The TLS handshake completes, and the handshake of this library never begins.</summary>
    [LongFact(Timeout = 2 * Guard.Milliseconds)]
    public async Task SilentConnections_AfterTls_CostLittleAndAreClosed()
    {
        await using var cluster = await SecuredCluster.StartAsync();
        using var certificate = TlsConnection.CertificateIn(cluster.Certificates.Make("attacker", role: "client"));

        await AssertCheapAsync(cluster, () => TlsConnection.OpenAsync(cluster.CoordinatorAddress.Port, certificate));
    }

    /// <summary>Each byte would reset a timeout for silence.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task SlowSenders_AfterTls_AreClosed()
    {
        await using var cluster = await SecuredCluster.StartAsync();
        using var certificate = TlsConnection.CertificateIn(cluster.Certificates.Make("attacker", role: "client"));
        var frame = new byte[4 + 1000];
        BinaryPrimitives.WriteInt32LittleEndian(frame, 1000);
        var connections = await ManyConnections.OpenAsync(20, () => TlsConnection.OpenAsync(cluster.CoordinatorAddress.Port, certificate));

        var sending = connections.Select(connection => connection.SendSlowlyAsync(frame, TimeSpan.FromMilliseconds(500))).ToList();
        await cluster.AssertWorksAsync();
        await Task.WhenAll(connections.Select(connection => connection.WaitForCloseAsync()));
        await Task.WhenAll(sending).WaitAsync(Guard.Longest);

        connections.ForEach(connection => connection.Dispose());
    }

    /// <summary>
    /// Checks that another client works while the connections are open, and that the coordinator closes them all and keeps no socket.
    /// </summary>
    private static async Task AssertCheapAsync(SecuredCluster cluster, Func<Task<TlsConnection>> open)
    {
        await cluster.AssertWorksAsync();
        var (memory, sockets) = (ProcessStatus.ResidentBytes(cluster.Coordinator.Id), ProcessStatus.Sockets(cluster.Coordinator.Id));

        var connections = await ManyConnections.OpenAsync(Connections, open);
        await cluster.AssertWorksAsync();
        var growth = ProcessStatus.ResidentBytes(cluster.Coordinator.Id) - memory;
        await Task.WhenAll(connections.Select(connection => connection.WaitForCloseAsync()));

        Assert.InRange(growth, long.MinValue, MostGrowth);
        await Guard.UntilAsync(() => ProcessStatus.Sockets(cluster.Coordinator.Id) <= sockets + 4);
        connections.ForEach(connection => connection.Dispose());
        await cluster.AssertWorksAsync();
    }
}
