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

    /// <summary>The pause after a failed accept: without file descriptors, the next one fails at once.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly DataParty _party;
    private readonly CancellationTokenSource _stopping = new();
    private readonly PendingLinks<Socket> _pending = new(LinkLimits.MaxPending);
    private readonly DataSessions _sessions;

    private DataListener(Socket socket, DataParty party, DataSessions sessions) =>
        (_socket, _party, _sessions) = (socket, party, sessions);

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
        listener.ObservePeers(proven);
        system.RegisterOnTermination(listener.Dispose);
        return listener;
    }

    /// <summary>Opens a data port.</summary>
    /// <param name="host">The address to listen on.</param>
    /// <param name="port">The port; 0 for any free port.</param>
    /// <param name="createParty">Creates the identity, given the port.</param>
    /// <param name="sessions">The connections; null for the default limits.</param>
    public static DataListener StartListening(
        string host, int port, Func<int, DataParty> createParty, DataSessions? sessions = null)
    {
        Socket? socket = null;
        try
        {
            var address = IPAddress.TryParse(host, out var parsed) ? parsed : Dns.GetHostAddresses(host)[0];
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            var listener = new DataListener(socket, createParty(((IPEndPoint)socket.LocalEndPoint!).Port), sessions ?? new DataSessions());
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

    /// <summary>Ends the connections of each peer that has no control connection any more.</summary>
    public void ObservePeers(ProvenLinks proven) => proven.PeerDisconnected += _sessions.EndSessions;

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
            catch (SocketException) when (!_stopping.IsCancellationRequested)
            {
                // The peer has closed its connection already, or this program has no more file descriptors.
                await Task.Delay(RetryPause).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // This program ends.
            }
        }
    }

    private async Task ServeAsync(Socket accepted)
    {
        try
        {
            var network = LinkSource.FromEndPoint(accepted.RemoteEndPoint).Network;
            using var link = await OpenLinkAsync(accepted, network).ConfigureAwait(false);
            using var session = new DataSession(link.Stream, link.Peer, network, Files, DataPump.StallTimeout);
            await RunSessionAsync(session).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException
            or AuthenticationException or LinkRefusedException or InvalidDataException or ObjectDisposedException)
        {
            // The peer connects again, or it was refused.
        }
    }

    private async Task RunSessionAsync(DataSession session)
    {
        if (!_sessions.TryAdd(session))
            return;
        try
        {
            // Its last control connection may have ended before the session was added.
            if (_party.IsConnected(session.Peer))
                await session.AnswerRequestsAsync(_stopping.Token).ConfigureAwait(false);
        }
        finally
        {
            _sessions.RemoveSession(session);
        }
    }

    private async Task<DataLink> OpenLinkAsync(Socket accepted, IPAddress network)
    {
        _pending.AddLink(accepted, network)?.Dispose();
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
}
