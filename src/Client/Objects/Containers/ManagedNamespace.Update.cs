using Actors.Messages.Objects;

namespace Actors;

public sealed partial class ManagedNamespace
{
    /// <summary>Changes the value of a name in one step, so that no other change is lost: <c>n.Update&lt;int>("hits", hits => hits +
    /// 1)</c>. Blocks.</summary>
    /// <typeparam name="T">The type with which the name was set.</typeparam>
    /// <param name="name">Which value.</param>
    /// <param name="change">Gives the new value. Runs in this process, and again whenever another caller was faster, so it should do
    /// nothing else.</param>
    /// <returns>The new value.</returns>
    /// <exception cref="KeyNotFoundException">The name has no value; Python's <c>AttributeError</c>.</exception>
    /// <exception cref="InvalidCastException">It was set with another type.</exception>
    /// <exception cref="NotCarriedException">The new value cannot travel.</exception>
    public T Update<T>(string name, Func<T, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var key = Encode(name);
        var seen = Call(ObjectOperation.DictionaryGet, key);
        while (true)
        {
            var wanted = change(Found<T>(name, seen));
            seen = Call(ObjectOperation.DictionaryReplace, key, seen.Payloads[0], EncodeTyped(wanted));
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    /// <inheritdoc cref="Update"/>
    public async Task<T> UpdateAsync<T>(string name, Func<T, T> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var key = Encode(name);
        var seen = await CallAsync(ObjectOperation.DictionaryGet, cancellationToken, key).ConfigureAwait(false);
        while (true)
        {
            var wanted = change(Found<T>(name, seen));
            seen = await CallAsync(
                ObjectOperation.DictionaryReplace, cancellationToken, key, seen.Payloads[0], EncodeTyped(wanted)).ConfigureAwait(false);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    private T Found<T>(string name, ObjectReply seen) =>
        seen.Status == ObjectStatus.NotFound ? throw NotFound(name) : Decode<T>(name, seen.Payloads[0]);
}
