using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A value shared by any number of processes, as Python's <c>Manager().Value(…)</c>. A worker that receives it as an argument gets a
/// working proxy. It is read as a copy: a change to the copy has no effect. <see cref="Update"/> loses no concurrent update, unlike
/// Python's <c>v.value += 1</c>. Thread-safe.
/// </summary>
/// <typeparam name="T">The value type; passed by value. Two values are equal when their serialized forms are.</typeparam>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
/// </remarks>
public sealed class ManagedValue<T> : ICarried<ManagedValue<T>>
{
    private readonly ObjectProxy _proxy;

    internal ManagedValue(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>Gets or sets the value. Blocks for a round trip.</summary>
    /// <exception cref="NotCarriedException">The value cannot be serialized.</exception>
    public T Value
    {
        get => DecodeValue(_proxy.Call<ValueGet, ItemReply>());
        set => _proxy.Call(new ValueSet(_proxy.EncodeValue(value)));
    }

    /// <summary>Reads the value.</summary>
    public async Task<T> GetAsync(CancellationToken cancellationToken = default) =>
        DecodeValue(await _proxy.CallAsync<ValueGet, ItemReply>(default, null, cancellationToken).ConfigureAwait(false));

    /// <summary>Replaces the value.</summary>
    /// <exception cref="NotCarriedException">The value cannot be serialized.</exception>
    public async Task SetAsync(T value, CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(new ValueSet(_proxy.EncodeValue(value)), null, cancellationToken).ConfigureAwait(false);

    /// <summary>Changes the value atomically: <c>counter.Update(n => n + 1)</c>. Blocks the thread.</summary>
    /// <param name="change">
    /// Computes the new value from the current one. Runs in this process, again after each concurrent change, so it should have no side
    /// effects.
    /// </param>
    /// <returns>The new value.</returns>
    public T Update(Func<T, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var seen = _proxy.Call<ValueGet, ItemReply>();
        while (true)
        {
            var wanted = change(DecodeValue(seen));
            seen = _proxy.Call<ValueReplace, ItemReply>(new(seen.RequiredItem, _proxy.EncodeValue(wanted)));
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    /// <inheritdoc cref="Update"/>
    public async Task<T> UpdateAsync(Func<T, T> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var seen = await _proxy.CallAsync<ValueGet, ItemReply>(default, null, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var wanted = change(DecodeValue(seen));
            seen = await _proxy.CallAsync<ValueReplace, ItemReply>(
                new(seen.RequiredItem, _proxy.EncodeValue(wanted)), null, cancellationToken).ConfigureAwait(false);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    /// <summary>Sets the value if the current value equals the expected one. Blocks for a round trip.</summary>
    /// <returns>True when it was set.</returns>
    public bool CompareExchange(T value, T expected) =>
        _proxy.Call<ValueReplace, ItemReply>(new(_proxy.EncodeValue(expected), _proxy.EncodeValue(value))).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="CompareExchange"/>
    public async Task<bool> CompareExchangeAsync(T value, T expected, CancellationToken cancellationToken = default) =>
        (await _proxy.CallAsync<ValueReplace, ItemReply>(
            new(_proxy.EncodeValue(expected), _proxy.EncodeValue(value)), null, cancellationToken).ConfigureAwait(false)).Status
            == ObjectStatus.Ok;

    /// <summary>Returns the value as text. Blocks for a round trip.</summary>
    public override string ToString() => $"ManagedValue({Value})";

    void ICarried<ManagedValue<T>>.WriteTo(ref ValueWriter writer) => _proxy.WriteTo(ref writer);

    static ManagedValue<T> ICarried<ManagedValue<T>>.ReadFrom(ref ValueReader reader) => new(ObjectProxy.ReadFrom(ref reader));

    private T DecodeValue(ItemReply reply) => _proxy.DecodeValue<T>(reply.RequiredItem);
}
