using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// One value that any number of processes share, as Python's <c>Manager().Value(…)</c>. Pass it as an argument: it arrives as a working proxy.
/// What is read is a copy: changing it changes nothing here. Where Python's <c>v.value += 1</c> loses updates, <see cref="Update"/> does not.
/// Thread-safe.
/// </summary>
/// <typeparam name="T">What it holds; travels by value. Two values count as equal when they are written alike.</typeparam>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed class ManagedValue<T> : ICarried<ManagedValue<T>>
{
    private readonly ObjectProxy _proxy;

    internal ManagedValue(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>The value. Blocks for a round trip.</summary>
    /// <exception cref="NotCarriedException">The value cannot travel.</exception>
    public T Value
    {
        get => Decode(_proxy.Call(ObjectOperation.GetValue, null, 0, [], default));
        set => _proxy.Call(ObjectOperation.SetValue, null, 0, [_proxy.Encode(value)], default);
    }

    /// <summary>Reads the value.</summary>
    public async Task<T> GetAsync(CancellationToken cancellationToken = default) =>
        Decode(await _proxy.CallAsync(ObjectOperation.GetValue, null, 0, [], cancellationToken).ConfigureAwait(false));

    /// <summary>Replaces the value.</summary>
    /// <exception cref="NotCarriedException">The value cannot travel.</exception>
    public async Task SetAsync(T value, CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(ObjectOperation.SetValue, null, 0, [_proxy.Encode(value)], cancellationToken).ConfigureAwait(false);

    /// <summary>Changes the value as if nobody else could meanwhile: <c>counter.Update(n => n + 1)</c>. Blocks.</summary>
    /// <param name="change">Gives the new value; runs here, again whenever somebody else was faster, so it should do nothing else.</param>
    /// <returns>The new value.</returns>
    public T Update(Func<T, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var seen = _proxy.Call(ObjectOperation.GetValue, null, 0, [], default);
        while (true)
        {
            var wanted = change(Decode(seen));
            seen = _proxy.Call(ObjectOperation.ReplaceValue, null, 0, [seen.Payloads[0], _proxy.Encode(wanted)], default);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    /// <inheritdoc cref="Update"/>
    public async Task<T> UpdateAsync(Func<T, T> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var seen = await _proxy.CallAsync(ObjectOperation.GetValue, null, 0, [], cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var wanted = change(Decode(seen));
            seen = await _proxy.CallAsync(
                ObjectOperation.ReplaceValue, null, 0, [seen.Payloads[0], _proxy.Encode(wanted)], cancellationToken).ConfigureAwait(false);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    /// <summary>Sets the value where it is what is expected. Blocks for a round trip.</summary>
    /// <returns>Whether it was set.</returns>
    public bool CompareExchange(T value, T expected) => _proxy.Call(
        ObjectOperation.ReplaceValue, null, 0, [_proxy.Encode(expected), _proxy.Encode(value)], default).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="CompareExchange"/>
    public async Task<bool> CompareExchangeAsync(T value, T expected, CancellationToken cancellationToken = default) => (await _proxy.CallAsync(
        ObjectOperation.ReplaceValue, null, 0, [_proxy.Encode(expected), _proxy.Encode(value)], cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    /// <summary>For people: the value, after a round trip.</summary>
    public override string ToString() => $"ManagedValue({Value})";

    void ICarried<ManagedValue<T>>.Write(ref ValueWriter writer) => _proxy.Write(ref writer);

    static ManagedValue<T> ICarried<ManagedValue<T>>.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));

    private T Decode(ObjectReply reply) => _proxy.Decode<T>(reply.Payloads[0]);
}
