using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Remoting.Data;

/// <summary>
/// The data connections of a program to coordinators. A connection is used by one transfer at a time, and kept for the next one for a
/// while. Thread-safe.
/// </summary>
/// <param name="party">The identity of the program.</param>
public sealed class DataLinks(DataParty party) : IExtension, IDisposable
{
    /// <summary>How long an unused connection stays open; less than coordinators keep it.</summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<DataEndpoint, ConcurrentStack<Idle>> _idle = new();

    /// <summary>Gets the connections of an actor system.</summary>
    public static DataLinks GetLinks(ActorSystem system) => system.WithExtension<DataLinks, DataLinksProvider>();

    /// <summary>Gets the data port of the coordinator that runs an actor.</summary>
    /// <exception cref="DataRefusedException">The port is not valid.</exception>
    public DataEndpoint GetEndpoint(IActorRef actor, int port) => port is >= 1 and <= ushort.MaxValue
        ? new DataEndpoint(GetAddress(actor), port)
        : throw new DataRefusedException($"The coordinator named {port} as its data port. A port is from 1 to {ushort.MaxValue}.");

    /// <summary>Gets the address that the program of an actor proves on data connections.</summary>
    public HostPort GetAddress(IActorRef actor) =>
        actor.Path.Address.Host is null ? party.Self.Address : HostPort.FromAddress(actor.Path.Address);

    /// <summary>Gets a connection to a coordinator.</summary>
    /// <exception cref="LinkRefusedException">The coordinator refused this program, or another program answered.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="SocketException">The coordinator cannot be reached.</exception>
    public async Task<DataLink> RentAsync(DataEndpoint at, CancellationToken cancellationToken)
    {
        while (_idle.TryGetValue(at, out var idle) && idle.TryPop(out var unused))
        {
            if (Environment.TickCount64 - unused.Since < IdleTimeout.TotalMilliseconds)
                return unused.Link;
            unused.Link.Dispose();
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(party.HandshakeTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(at.Coordinator.Host, at.Port, timeout.Token).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return await DataLink.OpenAsync(
            socket, CreateHandshake(at.Data), party.Tls, peer => party.IsConnected(peer with { Address = at.Coordinator }), timeout.Token)
            .ConfigureAwait(false);
    }

    /// <summary>Keeps a connection whose transfer has ended for the next one.</summary>
    public void Return(DataEndpoint at, DataLink link) =>
        _idle.GetOrAdd(at, _ => new ConcurrentStack<Idle>()).Push(new Idle(link, Environment.TickCount64));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var idle in _idle.Values)
        {
            while (idle.TryPop(out var unused))
                unused.Link.Dispose();
        }
    }

    /// <summary>A coordinator knows the others by their control connections, which have other addresses than their data ports.</summary>
    private InitiatorHandshake CreateHandshake(HostPort data) =>
        new(party.Self with { Coordinators = [data] }, data, RandomNumberGenerator.GetBytes(LinkFrame.NonceLength));

    private readonly record struct Idle(DataLink Link, long Since);

    private sealed class DataLinksProvider : ExtensionIdProvider<DataLinks>
    {
        public override DataLinks CreateExtension(ExtendedActorSystem system)
        {
            var identity = LinkIdentity.GetIdentity(system);
            var config = system.Settings.Config;
            var links = new DataLinks(new DataParty(
                identity.ToParty(config, ActorSystemStarter.GetAddress(system)), identity.Tls, ProvenLinks.GetLinks(system).IsConnected,
                LinkLimits.GetHandshakeTimeout(config)));
            system.RegisterOnTermination(links.Dispose);
            return links;
        }
    }
}

/// <summary>The data port of a coordinator.</summary>
/// <param name="Coordinator">The address of the coordinator's control connections.</param>
/// <param name="Port">The data port at the same host.</param>
public readonly record struct DataEndpoint(HostPort Coordinator, int Port)
{
    /// <summary>The address of the data port.</summary>
    public HostPort Data => Coordinator with { Port = Port };
}
