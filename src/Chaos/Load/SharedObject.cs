namespace Actors.Chaos.Load;

/// <summary>A managed object of the load, with its manager, which is replaced when its coordinator is lost. Thread-safe.</summary>
/// <typeparam name="T">The type of the object.</typeparam>
/// <param name="connect">The addresses of the coordinators.</param>
/// <param name="create">Creates the object.</param>
internal sealed class SharedObject<T>(string connect, Func<Manager, Task<T>> create) : IAsyncDisposable
    where T : class
{
    private readonly SemaphoreSlim _replacing = new(1, 1);
    private volatile Instance? _current;

    /// <summary>The current object.</summary>
    public Instance Current => _current ?? throw new InvalidOperationException("The object was not created.");

    /// <summary>Creates the object.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        var manager = await Manager.StartAsync(connect, cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            var created = await create(manager).WaitAsync(cancellationToken).ConfigureAwait(false);
            _current = new Instance(manager, created, (_current?.Number ?? 0) + 1);
        }
        catch
        {
            await manager.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Replaces the object, once for all its users.</summary>
    /// <returns>Whether this call has replaced it.</returns>
    public async Task<bool> ReplaceAsync(Instance lost, CancellationToken cancellationToken)
    {
        await _replacing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!ReferenceEquals(lost, _current))
                return false;
            await CreateAsync(cancellationToken).ConfigureAwait(false);
            await lost.Manager.DisposeAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (SharedObject.IsInterruption(exception))
        {
            return false;
        }
        finally
        {
            _replacing.Release();
        }
    }

    /// <summary>Uses the manager, if its coordinator answers in time.</summary>
    public async Task TryUseManagerAsync(Func<Manager, Task> action)
    {
        try
        {
            await action(Current.Manager).WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        }
        catch (Exception exception) when (SharedObject.IsInterruption(exception) || exception is TimeoutException)
        {
            // The run is over, and the cluster may still be broken.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_current is { } current)
            await current.Manager.DisposeAsync().ConfigureAwait(false);
        _replacing.Dispose();
    }

    /// <summary>The object of one manager.</summary>
    /// <param name="Manager">The manager.</param>
    /// <param name="Object">The object.</param>
    /// <param name="Number">The number of the object, from 1.</param>
    internal sealed record Instance(Manager Manager, T Object, int Number);
}

/// <summary>The exceptions of managed objects.</summary>
internal static class SharedObject
{
    /// <summary>Whether the coordinator or the store of an object was interrupted.</summary>
    public static bool IsInterruption(Exception exception) => exception is CoordinatorLostException or CoordinatorUnreachableException
        or DurableStoreException or ManagedObjectGoneException or LockNotHeldException or ObjectDisposedException;
}
