using System.Net;
using Actors.Coordinator;
using Actors.Coordinator.Bundles;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Data;
using Actors.Remoting.Transport;
using Actors.Runtime;
using Akka.Actor;
using Akka.Cluster;

namespace Actors;

/// <summary>
/// Serves managed objects of this process to other programs, as Python's <c>BaseManager(address, authkey).get_server()</c>, until it is
/// disposed. Programs with the key connect with <see cref="Manager.ConnectAsync"/>. Publish the objects
/// (<see cref="Manager.PublishAsync"/>) so that others find them. Thread-safe.
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

    /// <summary>Gets the listening address, as <c>HOST:PORT</c>.</summary>
    public string Address { get; }

    /// <summary>Gets the manager that creates, publishes and finds the objects from this process.</summary>
    public Manager Objects { get; }

    /// <summary>Starts to serve.</summary>
    /// <param name="port">The port; 0, the default, selects a free one.</param>
    /// <param name="key">
    /// The key that clients must have. Default: the content of the file that <c>ACTORS_KEY_FILE</c> names, if any. Without a key it listens
    /// on a loopback address only. It does not encrypt the connection: the certificates in <c>ACTORS_TLS_DIRECTORY</c> do.
    /// </param>
    /// <param name="host">The address to listen on. The default accepts only programs of this machine.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The address is not a loopback address and there is no key.</exception>
    /// <exception cref="InvalidOperationException">
    /// The address is not a loopback address and no certificates are configured, or the certificates or the key file are unusable.
    /// </exception>
    /// <exception cref="PortInUseException">The port is in use.</exception>
    public static async Task<ServedManager> StartAsync(
        int port = 0, ReadOnlyMemory<byte> key = default, string host = "127.0.0.1", CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        var access = AccessKey.FromBytes(key) ?? AccessKey.ReadFile(null);
        if (access is null && !(IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
        {
            throw new ArgumentException(
                $"Serving a manager on {host} without a key would let any program use it: pass a key.", nameof(key));
        }

        var tls = TlsIdentity.ReadDirectory(null);
        Loopback.RequireSafeConnection(host, tls, isInsecure: false);
        ConnectionLog.LogExposures(access, tls);
        var system = ActorSystemStarter.Start(
            RoleConfiguration.CreateCoordinator(
                new HostPort(host, port), [new HostPort(host, port)], null, tls is not null),
                new LinkIdentity(new LinkKeys(access), tls, []));
        try
        {
            // Joins its own cluster as the seed; with port 0 the address is not known earlier.
            Cluster.Get(system).Join(Cluster.Get(system).SelfAddress);
            CoordinatorStarter.StartCoordinator(
                system, new CodeStore(new BundleStore(BundleStore.DefaultDirectory), DataListener.StartListening(system)));
            var at = new HostPort(host, ActorSystemStarter.GetAddress(system).Port).ToString();
            return new ServedManager(system, at, await Manager.ConnectAsync(at, key, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await system.Terminate().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Blocking form of <see cref="StartAsync"/>.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static ServedManager Start(
        int port = 0, ReadOnlyMemory<byte> key = default, string host = "127.0.0.1", CancellationToken cancellationToken = default) =>
        StartAsync(port, key, host, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();

    /// <summary>Removes all objects, including published ones, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await Objects.DisposeAsync().ConfigureAwait(false);
        await _system.Terminate().ConfigureAwait(false);
    }
}
