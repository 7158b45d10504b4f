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
/// Makes objects that processes share, as Python's <c>multiprocessing.Manager()</c>. They live in this process, or at the coordinator of
/// a cluster, until the manager is disposed, its process ends, or that coordinator does: then it makes new ones at another, or at that one when it is there
/// again. Thread-safe.
/// </summary>
/// <remarks>
/// Whatever makes, names or finds an object may throw <see cref="CoordinatorLostException"/>, when the coordinator is lost meanwhile or does not answer,
/// <see cref="CoordinatorUnreachableException"/>, when it was lost before and no other answers, and <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed partial class Manager : IAsyncDisposable, IDisposable
{
    private readonly ManagerConnection _connection;
    private readonly List<ObjectId> _objects = [];
    private readonly Func<CancellationToken, Task<IClientRuntime>> _connect;
    private PoolInitializer? _initializer;
    private bool _isDisposed;

    private Manager(ManagerConnection connection, Func<CancellationToken, Task<IClientRuntime>> connect) => (_connection, _connect) = (connection, connect);

    /// <summary>Starts a manager.</summary>
    /// <param name="connect">Null, the default, for objects in this process; <c>HOST:PORT</c> of a coordinator, or of several with commas between, for objects there.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="FormatException"><paramref name="connect"/> is no address, and no list of such.</exception>
    /// <exception cref="InvalidOperationException">The coordinator is on another machine and there are no certificates; or these, or the key file, cannot be used.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">This program and the coordinator do not have the same key.</exception>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers at <paramref name="connect"/>, or it is of another version.</exception>
    /// <exception cref="OperationCanceledException">Starting was given up.</exception>
    [OverloadResolutionPriority(1)]
    public static async Task<Manager> StartAsync(string? connect = null, CancellationToken cancellationToken = default) =>
        await StartAsync(token => ClientRuntime.AcquireAsync(connect, token), cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Starts a manager with an initializer, as Python's <c>SyncManager.start(initializer, initargs)</c>. It runs in every process that the
    /// manager starts for an
    /// object of a class of yours (<see cref="CreateAsync{T}(CancellationToken)"/>), before the object is made; a failure there is a
    /// <see cref="PoolFailedException"/> of that call. It also runs once now, in a process of its own, so that a failure shows here.
    /// </summary>
    /// <param name="initializer">The function and its arguments.</param>
    /// <param name="connect">Null, the default, for objects in this process; <c>HOST:PORT</c> of a coordinator, or of several with commas between, for objects there.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="Exception">What the initializer threw, or what <see cref="StartAsync(string?, CancellationToken)"/>
    /// throws.</exception>
    /// <exception cref="WorkerLostException">The initializer ended its process.</exception>
    public static async Task<Manager> StartAsync(
        PoolInitializer initializer, string? connect = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        var manager = await StartAsync(connect, cancellationToken).ConfigureAwait(false);
        try
        {
            await ServiceProcess.RunAsync(manager._connection.Runtime, initializer.Call, cancellationToken).ConfigureAwait(false);
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
    /// Connects to a manager that is served elsewhere (<see cref="ServedManager"/>, or the coordinator of a cluster), as Python's
    /// <c>BaseManager(address, authkey).connect()</c>.
    /// </summary>
    /// <param name="address"><c>HOST:PORT</c>.</param>
    /// <param name="key">
    /// The key that is served with; by default what the file holds that <c>ACTORS_KEY_FILE</c> names, if any. Both sides prove that they have it, and
    /// neither sends it. It does not hide what travels.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The address is empty.</exception>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="InvalidOperationException">It is on another machine and there are no certificates; or these, or the key file, cannot be used.</exception>
    /// <exception cref="CoordinatorUnreachableException">Nobody answers at the address, or it is of another version.</exception>
    /// <exception cref="OperationCanceledException">Connecting was given up.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">One side has no key, or another.</exception>
    public static async Task<Manager> ConnectAsync(string address, ReadOnlyMemory<byte> key = default, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        var access = AccessKey.Of(key) ?? AccessKey.OfFile(null);
        return await StartAsync(token => ClientRuntime.AcquireAsync(address, access, token), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Manager> StartAsync(Func<CancellationToken, Task<IClientRuntime>> connect, CancellationToken cancellationToken) =>
        new(await ManagerConnection.StartAsync(connect, cancellationToken).ConfigureAwait(false), connect);

    /// <summary>Removes the objects that this manager made, but durable ones: whoever waits on one gets <see cref="ManagedObjectGoneException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_objects)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            foreach (var id in _objects)
                _connection.Remove(id);
        }

        _connection.Stop();
        foreach (var memory in _memory.Keys)
        {
            memory.Unlink();
            memory.Dispose();
        }

        foreach (var service in _services)
            await service.DisposeAsync().ConfigureAwait(false);
        await LeaveDurableAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();

    /// <summary>Removes objects that this manager made.</summary>
    private void Remove(params ReadOnlySpan<ObjectId> objects)
    {
        lock (_objects)
        {
            foreach (var id in objects)
            {
                if (_objects.Remove(id) && !_isDisposed)
                    _connection.Remove(id);
            }
        }
    }

    /// <summary>Makes an object: every kind's method ends here.</summary>
    private async Task<ObjectProxy> CreateAsync(
        ObjectKind kind, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var (id, runtime) = await _connection.MakeAsync(kind, number, payloads, cancellationToken).ConfigureAwait(false);
        lock (_objects)
            _objects.Add(id);
        return new ObjectProxy(id, runtime.Objects);
    }
}
