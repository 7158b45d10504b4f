using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors;

public sealed partial class ManagedNamespace
{
    /// <summary>Changes the value of a name atomically: <c>n.Update&lt;int>("hits", hits => hits + 1)</c>. Blocks the thread.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="change">
    /// Computes the new value from the current one. Runs in this process, again after each concurrent change, so it should have no side
    /// effects.
    /// </param>
    /// <returns>The new value.</returns>
    /// <exception cref="KeyNotFoundException">The name has no value; Python's <c>AttributeError</c>.</exception>
    /// <exception cref="InvalidCastException">The value was set with another type.</exception>
    /// <exception cref="NotCarriedException">The new value cannot be serialized.</exception>
    public T Update<T>(string name, Func<T, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var key = EncodeName(name);
        var seen = _proxy.Call<DictionaryGet, ItemReply>(new(key));
        while (true)
        {
            var wanted = change(RequireFound<T>(name, seen));
            seen = _proxy.Call<DictionaryReplace, ItemReply>(new(key, seen.RequiredItem, EncodeTyped(wanted)));
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    /// <inheritdoc cref="Update"/>
    public async Task<T> UpdateAsync<T>(string name, Func<T, T> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var key = EncodeName(name);
        var seen = await _proxy.CallAsync<DictionaryGet, ItemReply>(new(key), null, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var wanted = change(RequireFound<T>(name, seen));
            seen = await _proxy.CallAsync<DictionaryReplace, ItemReply>(
                new(key, seen.RequiredItem, EncodeTyped(wanted)), null, cancellationToken).ConfigureAwait(false);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    private T RequireFound<T>(string name, ItemReply seen) =>
        seen.Status == ObjectStatus.NotFound ? throw NotFound(name) : DecodeTyped<T>(name, seen.RequiredItem);
}
