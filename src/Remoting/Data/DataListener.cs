using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Remoting.Data;

/// <summary>The identity and limits of a program on data connections. Immutable.</summary>
/// <param name="Self">The identity; the address is that of the data port for a coordinator, and that of the program for a peer.</param>
/// <param name="Tls">The certificate; null for unencrypted connections.</param>
/// <param name="IsConnected">Whether a peer has a control connection.</param>
/// <param name="HandshakeTimeout">The time limit of a handshake.</param>
public sealed record DataParty(LinkParty Self, TlsIdentity? Tls, Func<LinkPeer, bool> IsConnected, TimeSpan HandshakeTimeout);

/// <summary>
/// The data port of a coordinator. Peers that have a control connection send and receive large contents here, so that control messages
/// never wait behind them.
/// </summary>
public sealed class DataListener : IDisposable
{
    /// <summary>The setting that holds the port; 0 for any free port.</summary>
    public const string PortSetting = "actors.data.port";

    /// <summary>The most open connections of one peer. A client transfers four contents of a pool at a time.</summary>
    public const int MaxConnectionsOfPeer = 64;

    private readonly Socket _socket;
    private readonly DataParty _party;
    private readonly CancellationTokenSource _stopping = new();
    private readonly PendingLinks<Socket> _pending = new(LinkLimits.MaxPending);
    private readonly Dictionary<HostPort, int> _connections = [];

    private DataListener(Socket socket, DataParty party) => (_socket, _party) = (socket, party);

    /// <summary>The contents that peers may send and receive.</summary>
    public DataFiles Files { get; } = new();

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>The number of connections whose handshake has not completed.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>Opens the data port of a coordinator. It closes when the actor system ends.</summary>
    /// <exception cref="PortInUseException">Another program listens on the port.</exception>
    /// <exception cref="InvalidOperationException">The program cannot listen on the address.</exception>
    public static DataListener StartListening(ActorSystem system)
    {
        var config = system.Settings.Config;
        var own = ActorSystemStarter.GetAddress(system);
        var identity = LinkIdentity.GetIdentity(system);
        var proven = ProvenLinks.GetLinks(system);
        var timeout = LinkLimits.GetHandshakeTimeout(config);
        var listener = StartListening(
            config.GetString("akka.remote.dot-netty.tcp.hostname", own.Host), config.GetInt(PortSetting),
            port => new DataParty(identity.ToParty(config, own with { Port = port }), identity.Tls, proven.IsConnected, timeout));
        system.RegisterOnTermination(listener.Dispose);
        return listener;
    }

    /// <summary>Opens a data port.</summary>
    /// <param name="host">The address to listen on.</param>
    /// <param name="port">The port; 0 for any free port.</param>
    /// <param name="createParty">Creates the identity, given the port.</param>
    public static DataListener StartListening(string host, int port, Func<int, DataParty> createParty)
    {
        Socket? socket = null;
        try
        {
            var address = IPAddress.TryParse(host, out var parsed) ? parsed : Dns.GetHostAddresses(host)[0];
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            var listener = new DataListener(socket, createParty(((IPEndPoint)socket.LocalEndPoint!).Port));
            _ = listener.AcceptAsync();
            return listener;
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            throw exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? new PortInUseException(
                    $"The data port {port} of {host} is in use: stop the program that holds it, or choose another with --data-port.",
                    exception)
                : new InvalidOperationException($"Cannot listen on {host} for large values: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var accepted = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                _ = Task.Run(() => ServeAsync(accepted), CancellationToken.None);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The peer has closed its connection already, or this program ends.
            }
        }
    }

    private async Task ServeAsync(Socket accepted)
    {
        try
        {
            using var link = await OpenLinkAsync(accepted).ConfigureAwait(false);
            if (!TryAddConnection(link.Peer.Address))
                return;
            try
            {
                await new DataSession(link, Files).AnswerRequestsAsync(_stopping.Token).ConfigureAwait(false);
            }
            finally
            {
                RemoveConnection(link.Peer.Address);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException
            or AuthenticationException or LinkRefusedException or InvalidDataException or ObjectDisposedException)
        {
            // The peer connects again, or it was refused.
        }
    }

    private async Task<DataLink> OpenLinkAsync(Socket accepted)
    {
        _pending.AddLink(accepted, LinkSource.FromEndPoint(accepted.RemoteEndPoint).Network)?.Dispose();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        timeout.CancelAfter(_party.HandshakeTimeout);
        try
        {
            var handshake = new AcceptorHandshake(_party.Self, RandomNumberGenerator.GetBytes(LinkFrame.NonceLength));
            return await DataLink.OpenAsync(accepted, handshake, _party.Tls, _party.IsConnected, timeout.Token).ConfigureAwait(false);
        }
        finally
        {
            _pending.RemoveLink(accepted);
        }
    }

    private bool TryAddConnection(HostPort peer)
    {
        lock (_connections)
        {
            var count = _connections.GetValueOrDefault(peer);
            if (count == MaxConnectionsOfPeer)
                return false;
            _connections[peer] = count + 1;
            return true;
        }
    }

    private void RemoveConnection(HostPort peer)
    {
        lock (_connections)
        {
            if (--_connections[peer] == 0)
                _connections.Remove(peer);
        }
    }
}
