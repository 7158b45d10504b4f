using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Actors.Cluster.Tests.Programs;
using Actors.Remoting;
using Actors.Remoting.Transport;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>
/// An attacker without a key between two running programs: a client contacts the attacker, and its frames are passed on to a coordinator.
/// </summary>
public sealed class RelayTests
{
    private static readonly byte[] Key = "the clients' key"u8.ToArray();

    /// <summary>The attacker changes the addresses in the frames, or passes them on as they are.</summary>
    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handshake_OfAClient_RelayedToACoordinator_ProvesNothing(bool changesAddresses)
    {
        var keyFile = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(keyFile, Key);
            await using var cluster = new TestCluster();
            await cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--key-file", keyFile)
                .SaysAsync("coordinator listens");
            using var relay = new Relay(cluster.Port, changesAddresses);

            await Assert.ThrowsAnyAsync<AuthenticationException>(() => Manager.ConnectAsync($"127.0.0.1:{relay.Port}", Key));

            Assert.Contains(LinkFrameKind.Hello, relay.Kinds);
            Assert.DoesNotContain(LinkFrameKind.Accepted, relay.Kinds);
            await using var manager = await Manager.ConnectAsync(cluster.Address, Key).WaitAsync(Guard.Longest);
        }
        finally
        {
            File.Delete(keyFile);
        }
    }

    /// <summary>Accepts connections, and passes on each frame of a handshake in both directions.</summary>
    private sealed class Relay : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly int _coordinator;
        private readonly bool _changesAddresses;
        private readonly List<LinkFrameKind> _kinds = [];

        public Relay(int coordinator, bool changesAddresses)
        {
            (_coordinator, _changesAddresses) = (coordinator, changesAddresses);
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        /// <summary>The kinds of the frames that were passed on.</summary>
        public IReadOnlyList<LinkFrameKind> Kinds
        {
            get
            {
                lock (_kinds)
                    return [.. _kinds];
            }
        }

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                    _ = PassOnAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test has ended.
            }
        }

        private async Task PassOnAsync(TcpClient client)
        {
            using var victim = client;
            using var coordinator = new TcpClient();
            try
            {
                await coordinator.ConnectAsync(IPAddress.Loopback, _coordinator);
                await Task.WhenAny(
                    PassOnAsync(victim.GetStream(), coordinator.GetStream(), Port, _coordinator),
                    PassOnAsync(coordinator.GetStream(), victim.GetStream(), _coordinator, Port));
            }
            catch (SocketException)
            {
                // The victim connects again.
            }
        }

        private async Task PassOnAsync(NetworkStream from, NetworkStream to, int port, int otherPort)
        {
            try
            {
                while (true)
                {
                    var length = new byte[sizeof(int)];
                    await from.ReadExactlyAsync(length);
                    var frame = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
                    await from.ReadExactlyAsync(frame);
                    if (LinkFrame.TryReadHeader(frame) is { } header)
                    {
                        lock (_kinds)
                            _kinds.Add(header.Kind);
                    }

                    await to.WriteAsync(length);
                    await to.WriteAsync(_changesAddresses ? Replace(frame, port, otherPort) : frame);
                }
            }
            catch (IOException)
            {
                // One side has closed its connection.
            }
        }

        /// <summary>Replaces the address of one port by that of another.</summary>
        private static byte[] Replace(byte[] frame, int port, int other)
        {
            var at = frame.AsSpan().IndexOf(Encode(port));
            if (at >= 0)
                Encode(other).CopyTo(frame, at);
            return frame;
        }

        private static byte[] Encode(int port)
        {
            var address = new HostPort("127.0.0.1", port);
            byte[] bytes = [.. Encoding.UTF8.GetBytes(address.Host), 0, 0];
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(bytes.Length - sizeof(ushort)), (ushort)address.Port);
            return bytes;
        }
    }
}
