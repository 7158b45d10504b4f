using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// An event shared by any number of processes, as Python's <c>Manager().Event()</c>: initially not set, and set until it is reset. A worker
/// that receives it as an argument gets a working proxy. Thread-safe.
/// </summary>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
/// </remarks>
public sealed class ManagedEvent : ICarried<ManagedEvent>
{
    private readonly ObjectProxy _proxy;

    internal ManagedEvent(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>
    /// Gets whether the event is set, at some moment during the call, as Python's <c>is_set()</c>. Blocks for a round trip.
    /// </summary>
    public bool IsSet => _proxy.Call<EventIsSet, EventReply>().IsSet;

    /// <inheritdoc cref="IsSet"/>
    public async Task<bool> IsSetAsync(CancellationToken cancellationToken = default) =>
        (await _proxy.CallAsync<EventIsSet, EventReply>(default, null, cancellationToken).ConfigureAwait(false)).IsSet;

    /// <summary>Sets the event and releases all waiters, as Python's <c>set()</c>. Blocks for a round trip.</summary>
    public void Set() => _proxy.Call(new EventSet());

    /// <inheritdoc cref="Set"/>
    public async Task SetAsync(CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(new EventSet(), null, cancellationToken).ConfigureAwait(false);

    /// <summary>Resets the event, as Python's <c>clear()</c>. Blocks for a round trip.</summary>
    public void Reset() => _proxy.Call(new EventClear());

    /// <inheritdoc cref="Reset"/>
    public async Task ResetAsync(CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(new EventClear(), null, cancellationToken).ConfigureAwait(false);

    /// <summary>Waits until the event is set, as Python's <c>wait(timeout)</c>. Blocks the thread.</summary>
    /// <param name="timeout">The longest time to wait; null waits without limit.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>True when it was set within the timeout.</returns>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _proxy.Call(new EventWait(), timeout, cancellationToken) == ObjectStatus.Ok;

    /// <inheritdoc cref="Wait"/>
    public async Task<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(new EventWait(), timeout, cancellationToken).ConfigureAwait(false) == ObjectStatus.Ok;

    void ICarried<ManagedEvent>.WriteTo(ref ValueWriter writer) => _proxy.WriteTo(ref writer);

    static ManagedEvent ICarried<ManagedEvent>.ReadFrom(ref ValueReader reader) => new(ObjectProxy.ReadFrom(ref reader));
}
