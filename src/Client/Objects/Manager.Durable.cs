using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
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
    /// Opens a durable queue, and creates it when it does not exist. An item is written before <c>Put</c> returns and survives this
    /// program, all processes of a cluster and the machine. All programs of the cluster share the queue of a name; in a
    /// <see cref="DurableQueueOptions.Store"/> on this machine, one program at a time can use it. It exists until
    /// <see cref="DeleteQueueAsync"/>. An item is removed when the process that took it confirms the receipt; an item for a process that
    /// dies before, or is unreachable for 6 s, returns to its position. When its coordinator is lost the queue moves to another, and calls
    /// wait for that; each call is executed once.
    /// </summary>
    /// <typeparam name="T">The item type. It may contain managed objects only if these are durable and of the same cluster.</typeparam>
    /// <param name="name">The name; up to 1,024 characters.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">
    /// The manager is local and no store is given, or the manager is on a cluster and a store is given.
    /// </exception>
    /// <exception cref="DurableStoreException">
    /// The store cannot be used, or another program has opened the queue in its store, without a coordinator.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A queue of this name has another item type, a type of the same name with other fields, or another capacity; or the coordinators have
    /// no store.
    /// </exception>
    /// <exception cref="NotCarriedException"><typeparamref name="T"/> cannot be serialized.</exception>
    public async Task<ManagedQueue<T>> OpenQueueAsync<T>(
        string name, DurableQueueOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new DurableQueueOptions();
        options.Validate();
        ValueSerializer.RequireCarried<T>();
        var proxy = await OpenDurableAsync(name, options.Store, options.Patience, cancellationToken).ConfigureAwait(false);
        var spec = new DurableObjectSpec(name, ObjectKind.Queue, PublishedType.ToPublishedName(typeof(ManagedQueue<T>)));
        await proxy.CallAsync<DurableOpen, CountReply>(
            new(spec, options.Capacity ?? DurableOpen.AnyBound), null, cancellationToken).ConfigureAwait(false);
        return new ManagedQueue<T>(proxy);
    }

    /// <summary>Blocking form of <see cref="OpenQueueAsync{T}"/>.</summary>
    public ManagedQueue<T> OpenQueue<T>(string name, DurableQueueOptions? options = null) =>
        OpenQueueAsync<T>(name, options).WaitForResult();

    /// <summary>
    /// Deletes a durable queue with everything that was written for it; waiting callers get <see cref="ManagedObjectGoneException"/>. Does
    /// nothing when it does not exist.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="store">The store of a queue on this machine; null for a cluster.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task DeleteQueueAsync(string name, DurableStore? store = null, CancellationToken cancellationToken = default)
    {
        var proxy = await OpenDurableAsync(name, store, new DurableQueueOptions().Patience, cancellationToken).ConfigureAwait(false);
        await proxy.CallAsync(new DurableDelete(), null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ObjectProxy> OpenDurableAsync(
        string name, DurableStore? store, TimeSpan patience, CancellationToken cancellationToken)
    {
        var id = ObjectId.FromDurableName(RequireName(name), store is null ? 0 : ObjectId.GetStoreNumber(store.ToString()));
        var isLocal = _connection.Runtime.Coordinator.Path.Address.HasLocalScope;
        if (isLocal && store is null)
        {
            throw new ArgumentException(
                $"The durable queue '{name}' needs a store when the manager is local, such as new SqliteStore(\"queues.db\") of the "
                + "package Actors.Durability.", nameof(store));
        }

        if (!isLocal && store is not null)
        {
            throw new ArgumentException(
                $"The durable queue '{name}' cannot use a store of this program: the coordinators of a cluster have their own. Leave the "
                + "store out.", nameof(store));
        }

        if (isLocal)
            await _connection.Runtime.GetPoolOpenerAsync(store, cancellationToken).ConfigureAwait(false);
        lock (_objects)
            _opened.Add(id);
        return new ObjectProxy(id, isLocal ? _connection.Runtime.Durable.First! : GetDurableSession().ChannelFor(patience));
    }

    private DurableObjectSession GetDurableSession()
    {
        lock (_objects)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _durable ??= new DurableObjectSession(_coordinator!);
        }
    }

    /// <summary>Unloads the durable objects of this program; when it returns, their store can be moved or deleted.</summary>
    private async Task CloseDurableAsync()
    {
        if (_durable is not null)
        {
            await _durable.DisposeAsync().ConfigureAwait(false);
            return;
        }

        foreach (var id in _opened)
            await UnloadObjectAsync(id).ConfigureAwait(false);
    }

    private async Task UnloadObjectAsync(ObjectId id)
    {
        try
        {
            await _connection.Runtime.Coordinator.Ask<DurableObjectsActor.UnloadObject>(
                new DurableObjectsActor.UnloadObject(id), UnloadTimeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            // The disk does not respond. Unwritten items were not acknowledged.
        }
    }
}
