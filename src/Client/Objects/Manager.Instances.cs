using System.Collections.Concurrent;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Objects;
using Actors.Objects.Services;

namespace Actors;

public sealed partial class Manager
{
    private readonly ConcurrentDictionary<Type, Func<ObjectId, PreparedCall>> _factories = new();
    private readonly ConcurrentBag<ServiceProcess> _services = [];

    /// <summary>
    /// Registers a factory for objects of a user type, as Python's <c>BaseManager.register(typeid, callable)</c>;
    /// <see cref="CreateAsync{T}(CancellationToken)"/> uses it. The last registration of a type applies.
    /// </summary>
    /// <typeparam name="T">The class, or the interface that it is called through.</typeparam>
    /// <param name="factory">Creates an object in the process where it will live; captured values are passed by value.</param>
    public void Register<T>(Func<T> factory)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        _factories[typeof(T)] = id => CallEncoder.PrepareService(factory, id);
    }

    /// <summary>Registers a class with its parameterless constructor; see <see cref="Register{T}(Func{T})"/>.</summary>
    public void Register<T>()
        where T : class, new() => _factories[typeof(T)] = static id => CallEncoder.PrepareServiceOfType(typeof(T), id);

    /// <summary>Registers an interface and its class; see <see cref="Register{T}(Func{T})"/>.</summary>
    public void Register<TInterface, TClass>()
        where TInterface : class
        where TClass : class, TInterface,
        new() => _factories[typeof(TInterface)] = static id => CallEncoder.PrepareServiceOfType(typeof(TClass), id);

    /// <summary>Creates an object of a registered type in its own process. Returns when it is ready.</summary>
    /// <exception cref="InvalidOperationException">The type is not registered.</exception>
    /// <exception cref="PoolFailedException">
    /// The initializer of the manager threw (the inner exception), or the process did not start.
    /// </exception>
    /// <exception cref="Exception">The exception of the factory.</exception>
    public Task<ManagedInstance<T>> CreateAsync<T>(CancellationToken cancellationToken = default)
        where T : class => _factories.TryGetValue(typeof(T), out var factory)
        ? StartServiceAsync<T>(factory, cancellationToken)
        : throw new InvalidOperationException(
            $"{typeof(T).Name} is not registered: call {nameof(Register)}<{typeof(T).Name}>() on this manager first.");

    /// <summary>Creates an object without registering its type: <c>manager.CreateAsync(() => new Counter(5))</c>.</summary>
    /// <inheritdoc cref="CreateAsync{T}(CancellationToken)"/>
    public Task<ManagedInstance<T>> CreateAsync<T>(Func<T> factory, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        return StartServiceAsync<T>(id => CallEncoder.PrepareService(factory, id), cancellationToken);
    }

    private async Task<ManagedInstance<T>> StartServiceAsync<T>(Func<ObjectId, PreparedCall> factory, CancellationToken cancellationToken)
        where T : class
    {
        var proxy = await CreateAsync(ObjectKind.Service, 0, [], cancellationToken).ConfigureAwait(false);
        _services.Add(await ServiceProcess.StartServiceAsync(
            _connection.Runtime, proxy, factory(proxy.Id), _initializer, cancellationToken).ConfigureAwait(false));
        return new ManagedInstance<T>(proxy);
    }
}
