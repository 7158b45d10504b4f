using System.Runtime.CompilerServices;
using Actors.Messages.Functions;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Objects.Services;

namespace Actors;

/// <summary>
/// An object of a user type that lives in its own process and is called from any process, as the proxies of types registered at Python's
/// <c>BaseManager</c>. Calls run one at a time in order of arrival, so the class needs no lock. An exception of a call is thrown at its
/// caller; when the process dies every call throws <see cref="ServiceLostException"/>. A call on the object from one of its own calls
/// deadlocks. A worker that receives it as an argument gets a working proxy. Thread-safe.
/// </summary>
/// <typeparam name="T">The class, or one of its interfaces. It need not be serializable.</typeparam>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
/// </remarks>
public sealed class ManagedInstance<T> : ICarried<ManagedInstance<T>>
    where T : class
{
    private readonly ServiceCaller _caller;
    private T? _proxy;

    internal ManagedInstance(ObjectProxy proxy) => _caller = new ServiceCaller(proxy);

    /// <summary>
    /// Gets the object as the interface <typeparamref name="T"/>: each method is a call. Methods that return a task do not block; others
    /// block the thread for a round trip.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// <typeparamref name="T"/> is a class, or the project sets <c>PublishAot</c>, which prevents proxies at run time: use
    /// <see cref="CallAsync{TResult}(Func{T, TResult}, CancellationToken)"/>.
    /// </exception>
    public T Proxy => _proxy ??= typeof(T).IsInterface
        ? ServiceProxy.CreateFor<T>(_caller)
        : throw new InvalidOperationException(
            $"{typeof(T).Name} is a class, and a proxy needs an interface: use {nameof(CallAsync)}(x => x.Method(…)), or register an "
            + "interface.");

    /// <summary>Runs a function on the object, in its process, and returns the result.</summary>
    /// <param name="function">A lambda or method of the program's own assemblies; captured values are passed by value.</param>
    /// <param name="cancellationToken">Cancels the wait; a running call continues.</param>
    /// <exception cref="NotCarriedException">The result or a captured value cannot be serialized.</exception>
    /// <exception cref="ServiceLostException">The process of the object died.</exception>
    public Task<TResult> CallAsync<TResult>(Func<T, TResult> function, CancellationToken cancellationToken = default) =>
        _caller.CallAsync<TResult>(CallEncoder.PrepareInstanceCall(function), cancellationToken);

    /// <inheritdoc cref="CallAsync{TResult}(Func{T, TResult}, CancellationToken)"/>
    public Task<TResult> CallAsync<TResult>(Func<T, Task<TResult>> function, CancellationToken cancellationToken = default) =>
        _caller.CallAsync<TResult>(CallEncoder.PrepareInstanceCall(function), cancellationToken);

    /// <inheritdoc cref="CallAsync{TResult}(Func{T, TResult}, CancellationToken)"/>
    public Task CallAsync(Action<T> function, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(CallEncoder.PrepareInstanceCall(function), cancellationToken);

    /// <inheritdoc cref="CallAsync{TResult}(Func{T, TResult}, CancellationToken)"/>
    public Task CallAsync(Func<T, Task> function, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(CallEncoder.PrepareInstanceCall(function), cancellationToken);

    /// <summary>Blocking form of <see cref="CallAsync{TResult}(Func{T, TResult}, CancellationToken)"/>.</summary>
    public TResult Call<TResult>(Func<T, TResult> function) => _caller.Call<TResult>(CallEncoder.PrepareInstanceCall(function));

    /// <inheritdoc cref="Call{TResult}(Func{T, TResult})"/>
    public void Call(Action<T> function) => _caller.Call(CallEncoder.PrepareInstanceCall(function));

    /// <inheritdoc cref="Call{TResult}(Func{T, TResult})"/>
    [OverloadResolutionPriority(1)]
    public TResult Call<TResult>(Func<T, Task<TResult>> function) => _caller.Call<TResult>(CallEncoder.PrepareInstanceCall(function));

    /// <inheritdoc cref="Call{TResult}(Func{T, TResult})"/>
    [OverloadResolutionPriority(1)]
    public void Call(Func<T, Task> function) => _caller.Call(CallEncoder.PrepareInstanceCall(function));

    void ICarried<ManagedInstance<T>>.WriteTo(ref ValueWriter writer) => _caller.Proxy.WriteTo(ref writer);

    static ManagedInstance<T> ICarried<ManagedInstance<T>>.ReadFrom(ref ValueReader reader) => new(ObjectProxy.ReadFrom(ref reader));
}
