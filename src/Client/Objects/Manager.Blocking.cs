using System.Runtime.CompilerServices;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>Blocking form of <see cref="StartAsync(string?, TimeSpan?, CancellationToken)"/>.</summary>
    [OverloadResolutionPriority(1)]
    public static Manager Start(
        string? connect = null, TimeSpan? connectTimeout = null, CancellationToken cancellationToken = default) =>
        StartAsync(connect, connectTimeout, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="StartAsync(PoolInitializer, string?, CancellationToken)"/>.</summary>
    public static Manager Start(PoolInitializer initializer, string? connect = null, CancellationToken cancellationToken = default) =>
        StartAsync(initializer, connect, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="ConnectAsync"/>.</summary>
    public static Manager Connect(string address, ReadOnlyMemory<byte> key = default, CancellationToken cancellationToken = default) =>
        ConnectAsync(address, key, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="CreateAsync{T}(CancellationToken)"/>.</summary>
    public ManagedInstance<T> Create<T>(CancellationToken cancellationToken = default)
        where T : class => CreateAsync<T>(cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="CreateAsync{T}(Func{T}, CancellationToken)"/>.</summary>
    public ManagedInstance<T> Create<T>(Func<T> factory, CancellationToken cancellationToken = default)
        where T : class => CreateAsync(factory, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="PublishAsync{T}"/>.</summary>
    public void Publish<T>(string name, T managed, CancellationToken cancellationToken = default)
        where T : class => PublishAsync(name, managed, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="FindAsync{T}"/>.</summary>
    public T Find<T>(string name, CancellationToken cancellationToken = default)
        where T : class => FindAsync<T>(name, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="TryFindAsync{T}"/>.</summary>
    public T? TryFind<T>(string name, CancellationToken cancellationToken = default)
        where T : class => TryFindAsync<T>(name, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="UnpublishAsync"/>.</summary>
    public void Unpublish(string name, CancellationToken cancellationToken = default) =>
        UnpublishAsync(name, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="DeleteQueueAsync"/>.</summary>
    public void DeleteQueue(string name, DurableStore? store = null, CancellationToken cancellationToken = default) =>
        DeleteQueueAsync(name, store, cancellationToken).WaitForResult();
}
