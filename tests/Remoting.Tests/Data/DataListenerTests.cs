using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Actors.Messages.Payloads;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Actors.Remoting.Transport;
using Actors.Testing;

namespace Actors.Remoting.Tests.Data;

/// <summary>Connections that do not authenticate are refused, and cost little.</summary>
public sealed class DataListenerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DataKey _key = DataKey.ForPayload(PayloadId.New());

    [Fact]
    public async Task Connect_AnotherKey_IsRefused()
    {
        await using var harness = new DataHarness();
        harness.Offer(_key, new byte[10]);
        var stranger = harness.Connect(AccessKey.FromBytes("another key, of nobody"u8.ToArray()));

        var exception = await Assert.ThrowsAsync<DataRefusedException>(
            () => harness.CreateTransfer(_key, stranger).ReceiveAsync(10, Stream.Null, default));

        Assert.Contains("refused the connection", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, harness.Proxy.Connections);
    }

    [Fact]
    public async Task Connect_WithoutAControlConnection_IsRefused()
    {
        await using var harness = new DataHarness(isConnected: peer => peer.Address != DataHarness.Client);

        var exception = await Assert.ThrowsAsync<LinkRefusedException>(() => harness.Connect().RentAsync(harness.Endpoint, default));

        Assert.Contains("no control connection", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_CertificateOfAnotherAuthority_IsRefused()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        await using var harness = new DataHarness(TlsIdentity.ReadDirectory(certificates.Make("coordinator")));
        var stranger = harness.Connect(tls: TlsIdentity.ReadDirectory(others.Make("client", believing: certificates)));

        await Assert.ThrowsAnyAsync<Exception>(() => stranger.RentAsync(harness.Endpoint, default).WaitAsync(Patience));

        var links = harness.Connect(tls: TlsIdentity.ReadDirectory(certificates.Make("client")));
        using var link = await links.RentAsync(harness.Endpoint, default);
        Assert.Equal(LinkRole.Coordinator, link.Peer.Role);
    }

    [Fact]
    public async Task Connect_CertificateOfAnotherRole_IsRefused()
    {
        using var certificates = new TestCertificates();
        await using var harness = new DataHarness(TlsIdentity.ReadDirectory(certificates.Make("coordinator", role: "coordinator")));
        var node = TlsIdentity.ReadDirectory(certificates.Make("node", role: "node"));

        var exception = await Assert.ThrowsAsync<LinkRefusedException>(
            () => harness.Connect(tls: node).RentAsync(harness.Endpoint, default));

        Assert.Equal(LinkRefusalCode.Role, exception.Refusal.Code);
        using var link = await harness.Connect(role: LinkRole.Node, tls: node).RentAsync(harness.Endpoint, default);
    }

    [Fact]
    public async Task Connection_ThatSendsNothing_IsClosedAfterTheTimeLimit()
    {
        await using var harness = new DataHarness(handshakeTimeout: TimeSpan.FromMilliseconds(300));
        using var connection = await OpenAsync(harness);

        await WaitForCloseAsync(connection);
    }

    [Theory]
    [InlineData(0xFFFF)]
    [InlineData(20)]
    [InlineData(0)]
    public async Task Connection_ThatSendsNoHandshake_IsClosed(int announced)
    {
        await using var harness = new DataHarness();
        using var connection = await OpenAsync(harness);
        var bytes = new byte[200];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)announced);

        await connection.SendAsync(bytes);

        await WaitForCloseAsync(connection);
    }

    [Fact]
    public async Task Connection_WithMoreBytesThanAHandshake_IsClosed()
    {
        using var certificates = new TestCertificates();
        await using var harness = new DataHarness(TlsIdentity.ReadDirectory(certificates.Make("coordinator")));
        using var connection = await OpenAsync(harness);
        // A TLS record of a handshake that announces more than follows.
        var record = new byte[16 * 1024 + 5];
        record[0] = 22;
        (record[1], record[2]) = (3, 1);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), 16 * 1024);
        record[5] = 1;
        record[6] = 0xFF;

        await SendUntilClosedAsync(connection, record, 64);

        await WaitForCloseAsync(connection);
    }

    [Fact]
    public async Task Connections_AboveTheLimit_CloseTheOldest()
    {
        await using var harness = new DataHarness();
        var connections = new List<Socket>();
        for (var i = 0; i <= LinkLimits.MaxPending; i++)
            connections.Add(await OpenAsync(harness, harness.Listener.Port));

        await WaitForCloseAsync(connections[0]);

        Assert.InRange(harness.Listener.PendingCount, 1, LinkLimits.MaxPending);
        harness.Offer(_key, new byte[10]);
        await harness.CreateTransfer(_key).ReceiveAsync(10, Stream.Null, default);
        connections.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task Connections_OfOnePeerAboveTheLimit_AreClosed()
    {
        await using var harness = new DataHarness();
        var links = harness.Connect();
        var connections = new List<DataLink>();
        for (var i = 0; i < DataSessions.MaxConnectionsOfPeer; i++)
        {
            connections.Add(await links.RentAsync(harness.Endpoint, default));
            // Its answer shows that the connection is counted.
            await DataFrames.WriteRequestAsync(connections[i].Stream, new DataRequest(DataDirection.Get, _key, 0), default);
            await Assert.ThrowsAsync<DataRefusedException>(() => DataFrames.ReadAnswerAsync(connections[i].Stream, default));
        }

        using var another = await links.RentAsync(harness.Endpoint, default);

        await DataHarness.WaitForCloseAsync(another.Stream);
        using var ofOtherPeer = await harness.Connect(address: DataHarness.Client with { Port = 9 }).RentAsync(harness.Endpoint, default);
        await DataFrames.WriteRequestAsync(ofOtherPeer.Stream, new DataRequest(DataDirection.Get, _key, 0), default);
        await Assert.ThrowsAsync<DataRefusedException>(() => DataFrames.ReadAnswerAsync(ofOtherPeer.Stream, default));
        connections.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task Connections_AfterTheLastControlConnection_AreClosed()
    {
        await using var harness = new DataHarness();
        var proven = new ProvenLinks(limit: 10, networkLimit: 10, TimeProvider.System);
        harness.Listener.ObservePeers(proven);
        var (first, second) = (harness.CreateParty(address: DataHarness.Client), harness.CreateParty(address: DataHarness.OtherClient));
        using var open = await RequestOnceAsync(harness, first);
        using var other = await RequestOnceAsync(harness, second);
        var source = new LinkSource(IPAddress.Loopback);
        var peer = new LinkPeer(LinkRole.Client, DataHarness.Client, first.Self.Instance);
        proven.TryAdd(peer, source);
        proven.TryAdd(peer, source);

        proven.RemoveLink(peer, source);
        await RequestAsync(open);
        proven.RemoveLink(peer, source);

        await DataHarness.WaitForCloseAsync(open.Stream);
        await RequestAsync(other);
    }

    [Fact]
    public async Task Connections_OfAnAddressAboveTheLimit_CloseTheLongestUnused()
    {
        await using var harness = new DataHarness(sessions: new DataSessions(limit: 10, networkLimit: 2));
        using var first = await RequestOnceAsync(harness, harness.CreateParty());
        using var second = await RequestOnceAsync(harness, harness.CreateParty(address: DataHarness.OtherClient));

        using var third = await RequestOnceAsync(harness, harness.CreateParty(address: DataHarness.Client with { Port = 9 }));

        await DataHarness.WaitForCloseAsync(first.Stream);
        await RequestAsync(second);
        await RequestAsync(third);
    }

    [Theory]
    [InlineData(9, 1, 0)]
    [InlineData(1, 9, 0)]
    [InlineData(2, 1, -1)]
    public async Task Request_Malformed_ClosesTheConnection(byte direction, byte kind, long offset)
    {
        await using var harness = new DataHarness();
        using var link = await harness.Connect().RentAsync(harness.Endpoint, default);

        await DataFrames.WriteRequestAsync(
            link.Stream, new DataRequest((DataDirection)direction, new DataKey((DataKind)kind, 0, 0), offset), default);

        await DataHarness.WaitForCloseAsync(link.Stream);
    }

    [Fact]
    public async Task StartListening_PortInUse_NamesTheOption()
    {
        await using var harness = new DataHarness();

        var exception = Assert.Throws<PortInUseException>(
            () => DataListener.StartListening("127.0.0.1", harness.Listener.Port, _ => throw new AuthenticationException()));

        Assert.Contains("--data-port", exception.Message, StringComparison.Ordinal);
    }

    private async Task<DataLink> RequestOnceAsync(DataHarness harness, DataParty party)
    {
        var link = await harness.Connect(party).RentAsync(harness.Endpoint, default);
        await RequestAsync(link);
        return link;
    }

    /// <summary>Requests an unknown content. The answer shows that the connection is open.</summary>
    private async Task RequestAsync(DataLink link)
    {
        await DataFrames.WriteRequestAsync(link.Stream, new DataRequest(DataDirection.Get, _key, 0), default);
        await Assert.ThrowsAsync<DataRefusedException>(() => DataFrames.ReadAnswerAsync(link.Stream, default));
    }

    private static async Task<Socket> OpenAsync(DataHarness harness, int? port = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port ?? harness.Proxy.Port);
        return socket;
    }

    private static async Task SendUntilClosedAsync(Socket socket, byte[] bytes, int times)
    {
        try
        {
            for (var i = 0; i < times; i++)
                await socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // Closed, as expected.
        }
    }

    private static async Task WaitForCloseAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (await socket.ReceiveAsync(new byte[1024], patience.Token) > 0)
            {
                // A refusal before the end.
            }
        }
        catch (SocketException)
        {
            // Reset.
        }
    }
}
