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
    /// Says how objects of a type of yours are made, as Python's <c>BaseManager.register(typeid, callable)</c>; <see cref="CreateAsync{T}(CancellationToken)"/> makes them. The last
    /// registration of a type counts.
    /// </summary>
    /// <typeparam name="T">The class, or the interface through which it is called.</typeparam>
    /// <param name="factory">Makes one, in the process where it will live; what it captures travels by value.</param>
    public void Register<T>(Func<T> factory)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        _factories[typeof(T)] = id => CallEncoder.Serve(factory, id);
    }

    /// <summary>As <see cref="Register{T}(Func{T})"/>, with the class's own constructor.</summary>
    public void Register<T>()
        where T : class, new() => _factories[typeof(T)] = static id => CallEncoder.ServeNew(typeof(T), id);

    /// <summary>As <see cref="Register{T}(Func{T})"/>, for an interface and the class behind it.</summary>
    public void Register<TInterface, TClass>()
        where TInterface : class
        where TClass : class, TInterface, new() => _factories[typeof(TInterface)] = static id => CallEncoder.ServeNew(typeof(TClass), id);

    /// <summary>Makes an object of a registered type, in a process of its own; returns when it is there.</summary>
    /// <exception cref="InvalidOperationException">The type was not registered.</exception>
    /// <exception cref="PoolFailedException">The manager's initializer threw, which is the inner exception, or the process did not
    /// start.</exception>
    /// <exception cref="Exception">What its factory threw.</exception>
    public Task<ManagedInstance<T>> CreateAsync<T>(CancellationToken cancellationToken = default)
        where T : class => _factories.TryGetValue(typeof(T), out var factory)
        ? StartServiceAsync<T>(factory, cancellationToken)
        : throw new InvalidOperationException($"{typeof(T).Name} is not registered: call {nameof(Register)}<{typeof(T).Name}>() on this manager first.");

    /// <summary>Makes an object without registering its type: <c>manager.CreateAsync(() => new Counter(5))</c>.</summary>
    /// <inheritdoc cref="CreateAsync{T}(CancellationToken)"/>
    public Task<ManagedInstance<T>> CreateAsync<T>(Func<T> factory, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        return StartServiceAsync<T>(id => CallEncoder.Serve(factory, id), cancellationToken);
    }

    private async Task<ManagedInstance<T>> StartServiceAsync<T>(Func<ObjectId, PreparedCall> factory, CancellationToken cancellationToken)
        where T : class
    {
        var proxy = await CreateAsync(ObjectKind.Service, 0, [], cancellationToken).ConfigureAwait(false);
        _services.Add(await ServiceProcess.StartAsync(
            _connection.Runtime, proxy, factory(proxy.Id), _initializer, cancellationToken).ConfigureAwait(false));
        return new ManagedInstance<T>(proxy);
    }
}
