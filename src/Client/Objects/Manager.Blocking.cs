using System.Runtime.CompilerServices;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>As <see cref="StartAsync(string?, CancellationToken)"/>, blocking.</summary>
    [OverloadResolutionPriority(1)]
    public static Manager Start(string? connect = null, CancellationToken cancellationToken = default) =>
        StartAsync(connect, cancellationToken).GetAwaiter().GetResult();

    /// <summary>As <see cref="StartAsync(PoolInitializer, string?, CancellationToken)"/>, blocking.</summary>
    public static Manager Start(PoolInitializer initializer, string? connect = null, CancellationToken cancellationToken = default) =>
        StartAsync(initializer, connect, cancellationToken).GetAwaiter().GetResult();

    /// <summary>As <see cref="ConnectAsync"/>, blocking.</summary>
    public static Manager Connect(string address, ReadOnlyMemory<byte> key = default, CancellationToken cancellationToken = default) =>
        ConnectAsync(address, key, cancellationToken).GetAwaiter().GetResult();

    /// <summary>As <see cref="CreateAsync{T}(CancellationToken)"/>, blocking.</summary>
    public ManagedInstance<T> Create<T>(CancellationToken cancellationToken = default)
        where T : class => CreateAsync<T>(cancellationToken).GetAwaiter().GetResult();

    /// <summary>As <see cref="CreateAsync{T}(Func{T}, CancellationToken)"/>, blocking.</summary>
    public ManagedInstance<T> Create<T>(Func<T> factory, CancellationToken cancellationToken = default)
        where T : class => CreateAsync(factory, cancellationToken).GetAwaiter().GetResult();

    /// <summary>As <see cref="PublishAsync{T}"/>, blocking.</summary>
    public void Publish<T>(string name, T managed, CancellationToken cancellationToken = default)
        where T : class => PublishAsync(name, managed, cancellationToken).GetAwaiter().GetResult();

    /// <summary>As <see cref="FindAsync{T}"/>, blocking.</summary>
    public T Find<T>(string name, CancellationToken cancellationToken = default)
        where T : class => FindAsync<T>(name, cancellationToken).GetAwaiter().GetResult();

    /// <summary>As <see cref="TryFindAsync{T}"/>, blocking.</summary>
    public T? TryFind<T>(string name, CancellationToken cancellationToken = default)
        where T : class => TryFindAsync<T>(name, cancellationToken).GetAwaiter().GetResult();

    /// <summary>As <see cref="UnpublishAsync"/>, blocking.</summary>
    public void Unpublish(string name, CancellationToken cancellationToken = default) =>
        UnpublishAsync(name, cancellationToken).GetAwaiter().GetResult();

    /// <summary>As <see cref="DeleteQueueAsync"/>, blocking.</summary>
    public void DeleteQueue(string name, DurableStore? store = null, CancellationToken cancellationToken = default) =>
        DeleteQueueAsync(name, store, cancellationToken).GetAwaiter().GetResult();
}
