using System.Net;
using Actors.Coordinator;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Cluster;

namespace Actors;

/// <summary>
/// Managed objects of this process that other programs can reach, as Python's <c>BaseManager(address, authkey).get_server()</c>: it listens, and
/// whoever has the key gets at them with <see cref="Manager.ConnectAsync"/>. Give the objects names (<see cref="Manager.PublishAsync"/>), so that others
/// find them. Until it is disposed. Thread-safe.
/// </summary>
public sealed class ServedManager : IAsyncDisposable, IDisposable
{
    private readonly ActorSystem _system;

    private ServedManager(ActorSystem system, string address, Manager objects)
    {
        _system = system;
        Address = address;
        Objects = objects;
    }

    /// <summary>Where it listens: <c>HOST:PORT</c>.</summary>
    public string Address { get; }

    /// <summary>Makes, names and finds the objects, from this process.</summary>
    public Manager Objects { get; }

    /// <summary>Starts to serve.</summary>
    /// <param name="port">Where to listen; 0, the default, is any port.</param>
    /// <param name="key">What others must have; none is allowed on the loopback address only. It does not hide what travels.</param>
    /// <param name="host">The address to listen on; by default only programs of this machine can connect.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">There is no key, and the address is not the loopback address.</exception>
    /// <exception cref="PortInUseException">The port is taken.</exception>
    public static async Task<ServedManager> StartAsync(
        int port = 0, ReadOnlyMemory<byte> key = default, string host = "127.0.0.1", CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        var access = AccessKey.Of(key) ?? AccessKey.OfFile(null);
        if (access is null && !(IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
            throw new ArgumentException($"Whoever reaches {host} could use the manager: give it a key.", nameof(key));
        var tls = TlsIdentity.OfDirectory(null);
        Loopback.Require(host, tls, isInsecure: false);
        var system = ActorSystemStarter.Start(
            RoleConfiguration.Coordinator(new HostPort(host, port), [new HostPort(host, port)], null, tls is not null), new LinkIdentity(new DoorKeys(access), tls, []));
        try
        {
            // The seed of its own cluster: on any port, the address was not known before.
            Cluster.Get(system).Join(Cluster.Get(system).SelfAddress);
            CoordinatorStarter.Start(system, new BundleStore(BundleStore.DefaultDirectory));
            var at = new HostPort(host, ActorSystemStarter.AddressOf(system).Port).ToString();
            return new ServedManager(system, at, await Manager.ConnectAsync(at, key, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await system.Terminate().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>As <see cref="StartAsync"/>, blocking.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static ServedManager Start(
        int port = 0, ReadOnlyMemory<byte> key = default, string host = "127.0.0.1", CancellationToken cancellationToken = default) =>
        StartAsync(port, key, host, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();

    /// <summary>Removes the objects, those with a name too, and listens no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await Objects.DisposeAsync().ConfigureAwait(false);
        await _system.Terminate().ConfigureAwait(false);
    }
}
