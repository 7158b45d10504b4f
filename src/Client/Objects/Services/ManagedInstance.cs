using Actors.Messages.Functions;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Objects.Services;

namespace Actors;

/// <summary>
/// An object of a class of yours that lives in a process of its own and is called from any process, as the proxies of types registered at
/// Python's <c>BaseManager</c>. Calls run one after the other, in the order they came, so that the class needs no lock. Pass it as an argument: it
/// arrives as a working proxy. What a call throws reaches its caller; when the process dies every call ends with <see cref="ServiceLostException"/>.
/// A call on the object from within one of its own calls would wait for itself. Thread-safe.
/// </summary>
/// <typeparam name="T">The class, or an interface of it. It need not be able to travel.</typeparam>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed class ManagedInstance<T> : ICarried<ManagedInstance<T>>
    where T : class
{
    private readonly ServiceCaller _caller;
    private T? _proxy;

    internal ManagedInstance(ObjectProxy proxy) => _caller = new ServiceCaller(proxy);

    /// <summary>
    /// The object as <typeparamref name="T"/>, where that is an interface: each method is a call. One that returns a task does not block; others block the
    /// thread for a round trip.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// <typeparamref name="T"/> is a class, or the project sets <c>PublishAot</c>, which forbids to make a proxy at run time: call through
    /// <see cref="CallAsync{TResult}(Func{T, TResult}, CancellationToken)"/>.
    /// </exception>
    public T Proxy => _proxy ??= typeof(T).IsInterface
        ? ServiceProxy.Of<T>(_caller)
        : throw new InvalidOperationException(
            $"{typeof(T).Name} is a class, and only an interface can be stood in for: call through {nameof(CallAsync)}(x => x.Method(…)), or register an interface.");

    /// <summary>Runs a function on the object, in its process, and gives the result.</summary>
    /// <param name="function">A lambda or method of the program's own assemblies; what it captures travels by value.</param>
    /// <param name="cancellationToken">Gives up waiting; a call that runs by then goes on.</param>
    /// <exception cref="NotCarriedException">The result, or what the function captures, cannot travel.</exception>
    /// <exception cref="ServiceLostException">The object's process died.</exception>
    public Task<TResult> CallAsync<TResult>(Func<T, TResult> function, CancellationToken cancellationToken = default) =>
        _caller.CallAsync<TResult>(CallEncoder.OnInstance(function), cancellationToken);

    /// <inheritdoc cref="CallAsync{TResult}(Func{T, TResult}, CancellationToken)"/>
    public Task<TResult> CallAsync<TResult>(Func<T, Task<TResult>> function, CancellationToken cancellationToken = default) =>
        _caller.CallAsync<TResult>(CallEncoder.OnInstance(function), cancellationToken);

    /// <inheritdoc cref="CallAsync{TResult}(Func{T, TResult}, CancellationToken)"/>
    public Task CallAsync(Action<T> function, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(CallEncoder.OnInstance(function), cancellationToken);

    /// <inheritdoc cref="CallAsync{TResult}(Func{T, TResult}, CancellationToken)"/>
    public Task CallAsync(Func<T, Task> function, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(CallEncoder.OnInstance(function), cancellationToken);

    /// <summary>As <see cref="CallAsync{TResult}(Func{T, TResult}, CancellationToken)"/>, blocking the thread.</summary>
    public TResult Call<TResult>(Func<T, TResult> function) => _caller.Call<TResult>(CallEncoder.OnInstance(function));

    /// <inheritdoc cref="Call{TResult}(Func{T, TResult})"/>
    public void Call(Action<T> function) => _caller.Call(CallEncoder.OnInstance(function));

    void ICarried<ManagedInstance<T>>.Write(ref ValueWriter writer) => _caller.Proxy.Write(ref writer);

    static ManagedInstance<T> ICarried<ManagedInstance<T>>.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));
}
