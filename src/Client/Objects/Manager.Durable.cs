using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Objects.Durable;
using Akka.Actor;

namespace Actors;

public sealed partial class Manager
{
    private static readonly TimeSpan UnloadTimeout = TimeSpan.FromSeconds(10);

    private readonly HashSet<ObjectId> _opened = [];
    private DurableObjectSession? _durable;

    /// <summary>
    /// Opens the durable queue of this name, and makes it when there is none: what was put in is written before <c>Put</c> returns, and outlives this program,
    /// every process of a cluster and the machine. All programs of the cluster, or of the <see cref="DurableQueueOptions.Store"/>, have the same queue under a
    /// name; it stays until <see cref="DeleteQueueAsync"/>. An item is out of it when the process that took it has it in hand; one that was on its way to
    /// a process that died, or that nobody has heard of for 6 s, goes back to its place. When its coordinator is lost the queue goes on at another, and calls
    /// wait for it; each is done once.
    /// </summary>
    /// <typeparam name="T">What it holds; no other managed objects but durable ones of the same cluster.</typeparam>
    /// <param name="name">Its name; up to 1,024 characters.</param>
    /// <param name="options">What else; null is the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The manager is this program's own and no store is given, or the other way round.</exception>
    /// <exception cref="DurableStoreException">The store cannot be used.</exception>
    /// <exception cref="InvalidOperationException">There is a queue of this name that holds another type, or one of the same name with other fields, or has another capacity; or the coordinators have no store.</exception>
    /// <exception cref="NotCarriedException"><typeparamref name="T"/> cannot travel.</exception>
    public async Task<ManagedQueue<T>> OpenQueueAsync<T>(string name, DurableQueueOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new DurableQueueOptions();
        options.Validate();
        ValueSerializer.Require<T>();
        var proxy = await DurableAsync(name, options.Store, options.Patience, cancellationToken).ConfigureAwait(false);
        var spec = new DurableObjectSpec(name, ObjectKind.Queue, PublishedType.Of(typeof(ManagedQueue<T>)));
        await proxy.CallAsync(ObjectOperation.Open, null, options.Capacity ?? -1, [spec.ToPayload()], cancellationToken).ConfigureAwait(false);
        return new ManagedQueue<T>(proxy);
    }

    /// <summary>As <see cref="OpenQueueAsync{T}"/>, blocking.</summary>
    public ManagedQueue<T> OpenQueue<T>(string name, DurableQueueOptions? options = null) => OpenQueueAsync<T>(name, options).GetAwaiter().GetResult();

    /// <summary>Removes the durable queue of this name, and all that was written of it: whoever waits on it gets <see cref="ManagedObjectGoneException"/>. Nothing when there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="store">The program's own store; null for a cluster's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task DeleteQueueAsync(string name, DurableStore? store = null, CancellationToken cancellationToken = default)
    {
        var proxy = await DurableAsync(name, store, new DurableQueueOptions().Patience, cancellationToken).ConfigureAwait(false);
        await proxy.CallAsync(ObjectOperation.Delete, null, 0, [], cancellationToken).ConfigureAwait(false);
    }

    private async Task<ObjectProxy> DurableAsync(string name, DurableStore? store, TimeSpan patience, CancellationToken cancellationToken)
    {
        var id = ObjectId.Durable(Checked(name), store is null ? 0 : ObjectId.NumberOf(store.ToString()));
        var isLocal = _connection.Runtime.Coordinator.Path.Address.HasLocalScope;
        if (isLocal && store is null)
            throw new ArgumentException("A durable queue of this program's own needs a store, such as new SqliteStore(\"queues.db\") of the package Actors.Durability.", nameof(store));
        if (!isLocal && store is not null)
            throw new ArgumentException("A store is for durable queues of this program's own: a cluster's coordinators have theirs.", nameof(store));
        if (isLocal)
            await _connection.Runtime.PoolsAsync(store, cancellationToken).ConfigureAwait(false);
        lock (_objects)
            _opened.Add(id);
        return new ObjectProxy(id, isLocal ? _connection.Runtime.Durable.Any! : Session().ChannelFor(patience));
    }

    private DurableObjectSession Session()
    {
        lock (_objects)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _durable ??= new DurableObjectSession(_connect);
        }
    }

    /// <summary>What is written here is written when it returns: the store may be moved or deleted then.</summary>
    private async Task LeaveDurableAsync()
    {
        if (_durable is not null)
        {
            await _durable.DisposeAsync().ConfigureAwait(false);
            return;
        }

        foreach (var id in _opened)
            await UnloadAsync(id).ConfigureAwait(false);
    }

    private async Task UnloadAsync(ObjectId id)
    {
        try
        {
            await _connection.Runtime.Coordinator.Ask<DurableObjectsActor.Unload>(new DurableObjectsActor.Unload(id), UnloadTimeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            // The disk does not answer: what it has not answered to was acknowledged to nobody.
        }
    }
}
