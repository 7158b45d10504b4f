using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// An event that any number of processes share, as Python's <c>Manager().Event()</c>: not set at first; it stays set until it is reset.
/// Pass it as an argument: it arrives as a working proxy. Thread-safe.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed class ManagedEvent : ICarried<ManagedEvent>
{
    private readonly ObjectProxy _proxy;

    internal ManagedEvent(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>Whether it is set, at some moment during the call, as Python's <c>is_set()</c>. Blocks for a round trip.</summary>
    public bool IsSet => _proxy.Call(ObjectOperation.EventIsSet, null, 0, [], default).Number != 0;

    /// <inheritdoc cref="IsSet"/>
    public async Task<bool> IsSetAsync(CancellationToken cancellationToken = default) =>
        (await _proxy.CallAsync(ObjectOperation.EventIsSet, null, 0, [], cancellationToken).ConfigureAwait(false)).Number != 0;

    /// <summary>Sets it: all that wait go on, as Python's <c>set()</c>. Blocks for a round trip.</summary>
    public void Set() => _proxy.Call(ObjectOperation.EventSet, null, 0, [], default);

    /// <inheritdoc cref="Set"/>
    public async Task SetAsync(CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(ObjectOperation.EventSet, null, 0, [], cancellationToken).ConfigureAwait(false);

    /// <summary>Takes back that it is set, as Python's <c>clear()</c>. Blocks for a round trip.</summary>
    public void Reset() => _proxy.Call(ObjectOperation.EventClear, null, 0, [], default);

    /// <inheritdoc cref="Reset"/>
    public async Task ResetAsync(CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(ObjectOperation.EventClear, null, 0, [], cancellationToken).ConfigureAwait(false);

    /// <summary>Waits until it is set, as Python's <c>wait(timeout)</c>. Blocks the thread.</summary>
    /// <param name="timeout">How long to wait at most; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether it was set within the timeout.</returns>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _proxy.Call(ObjectOperation.EventWait, timeout, 0, [], cancellationToken).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="Wait"/>
    public async Task<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (await _proxy.CallAsync(ObjectOperation.EventWait, timeout, 0, [], cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    void ICarried<ManagedEvent>.Write(ref ValueWriter writer) => _proxy.Write(ref writer);

    static ManagedEvent ICarried<ManagedEvent>.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));
}
