using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;
using Actors.Objects.Services;
using Actors.Remoting.Access;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// Creates objects that processes share, as Python's <c>multiprocessing.Manager()</c>. They live in this process or at the coordinator of a
/// cluster, until the manager is disposed, its process ends, or the coordinator is lost. After such a loss the manager reconnects and
/// creates new objects at another coordinator or the restarted one. Thread-safe.
/// </summary>
/// <remarks>
/// Members that create, publish or find an object can throw <see cref="CoordinatorLostException"/> (the coordinator was lost or does not
/// answer), <see cref="CoordinatorUnreachableException"/> (it was lost before and no other answers), and
/// <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed partial class Manager : IAsyncDisposable, IDisposable
{
    private readonly IManagerConnection _connection;
    private readonly List<ObjectId> _objects = [];
    private readonly CoordinatorConnection? _coordinator;
    private PoolInitializer? _initializer;
    private bool _isDisposed;

    /// <param name="connection">The connection of this manager.</param>
    /// <param name="coordinator">The connection that it shares; null when the objects are in memory.</param>
    internal Manager(IManagerConnection connection, CoordinatorConnection? coordinator) =>
        (_connection, _coordinator) = (connection, coordinator);

    /// <summary>Starts a manager.</summary>
    /// <param name="connect">
    /// Null, the default, keeps the objects in this process. <c>HOST:PORT</c> of a coordinator, or a comma-separated list of several, keeps
    /// them there. <c>;Tls=DIRECTORY</c> and <c>;KeyFile=FILE</c> may follow, as for a pool.
    /// </param>
    /// <param name="connectTimeout">
    /// The time that a coordinator has to answer. From 0 to 24.8 days, or <see cref="Timeout.InfiniteTimeSpan"/>. Default: null, 30 s.
    /// </param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="FormatException"><paramref name="connect"/> has an invalid address or setting.</exception>
    /// <exception cref="InvalidOperationException">
    /// The coordinator is on another machine and no certificates are configured, or the certificates or the key file are unusable.
    /// </exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">
    /// This program and the coordinator have different keys.
    /// </exception>
    /// <exception cref="CoordinatorUnreachableException">
    /// No coordinator answers at <paramref name="connect"/>, or it has an incompatible version.
    /// </exception>
    /// <exception cref="OperationCanceledException">The start was canceled.</exception>
    [OverloadResolutionPriority(1)]
    public static async Task<Manager> StartAsync(
        string? connect = null, TimeSpan? connectTimeout = null, CancellationToken cancellationToken = default)
    {
        var patience = connectTimeout is null ? ClientRuntime.ConnectTimeout : TimeoutRule.RequireValid(connectTimeout);
        return await StartAsync(ClientRuntime.FindConnection(connect), patience, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts a manager with an initializer, as Python's <c>SyncManager.start(initializer, initargs)</c>. It runs in every process that the
    /// manager starts for an object of a user type (<see cref="CreateAsync{T}(CancellationToken)"/>), before the object is created; a
    /// failure there throws <see cref="PoolFailedException"/> from that call. It also runs once in a separate process during this call, to
    /// report failures early.
    /// </summary>
    /// <param name="initializer">The function and its arguments.</param>
    /// <param name="connect">
    /// Null, the default, keeps the objects in this process. <c>HOST:PORT</c> of a coordinator, or a comma-separated list of several, keeps
    /// them there. <c>;Tls=DIRECTORY</c> and <c>;KeyFile=FILE</c> may follow, as for a pool.
    /// </param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="Exception">
    /// The exception of the initializer, or an exception of <see cref="StartAsync(string?, TimeSpan?, CancellationToken)"/>.
    /// </exception>
    /// <exception cref="WorkerLostException">The initializer ended its process.</exception>
    public static async Task<Manager> StartAsync(
        PoolInitializer initializer, string? connect = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        var manager = await StartAsync(connect, cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            await ServiceProcess.RunFunctionAsync(manager._connection.Runtime, initializer.Call, cancellationToken).ConfigureAwait(false);
            manager._initializer = initializer;
            return manager;
        }
        catch
        {
            await manager.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Connects to a served manager (<see cref="ServedManager"/>, or the coordinator of a cluster), as Python's
    /// <c>BaseManager(address, authkey).connect()</c>.
    /// </summary>
    /// <param name="address"><c>HOST:PORT</c>.</param>
    /// <param name="key">
    /// The key of the server. Default: the content of the file that <c>ACTORS_KEY_FILE</c> names, if any. Both sides prove to have the key
    /// without sending it. It does not encrypt the connection.
    /// </param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The address is empty.</exception>
    /// <exception cref="FormatException">The address is invalid.</exception>
    /// <exception cref="InvalidOperationException">
    /// The server is on another machine and no certificates are configured, or the certificates or the key file are unusable.
    /// </exception>
    /// <exception cref="CoordinatorUnreachableException">No server answers at the address, or it has an incompatible version.</exception>
    /// <exception cref="OperationCanceledException">The connection attempt was canceled.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys differ, or one side has none.</exception>
    public static async Task<Manager> ConnectAsync(
        string address, ReadOnlyMemory<byte> key = default, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        var access = AccessKey.FromBytes(key) ?? AccessKey.ReadFile(null);
        return await StartAsync(
            ClientRuntime.FindConnection(address, access), ClientRuntime.ConnectTimeout, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Manager> StartAsync(
        CoordinatorConnection coordinator, TimeSpan patience, CancellationToken cancellationToken) =>
        new(await ManagerConnection.StartAsync(coordinator, patience, cancellationToken).ConfigureAwait(false), coordinator);

    /// <summary>
    /// Removes the objects of this manager except durable ones; waiting callers get <see cref="ManagedObjectGoneException"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        lock (_objects)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            foreach (var id in _objects)
                _connection.RemoveObject(id);
        }

        _connection.StopMaker();
        foreach (var memory in _memory.Keys)
        {
            memory.Unlink();
            memory.Dispose();
        }

        foreach (var service in _services)
            await service.DisposeAsync().ConfigureAwait(false);
        await CloseDurableAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).WaitForResult();

    /// <summary>Removes objects of this manager.</summary>
    private void RemoveObjects(params ReadOnlySpan<ObjectId> objects)
    {
        lock (_objects)
        {
            foreach (var id in objects)
            {
                if (_objects.Remove(id) && !_isDisposed)
                    _connection.RemoveObject(id);
            }
        }
    }

    /// <summary>Creates an object; called by the methods for each kind.</summary>
    private async Task<ObjectProxy> CreateAsync(
        ObjectKind kind, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var (id, objects) = await _connection.CreateObjectAsync(kind, number, payloads, cancellationToken).ConfigureAwait(false);
        lock (_objects)
            _objects.Add(id);
        return new ObjectProxy(id, objects);
    }
}
