using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Objects.Containers;

namespace Actors;

public sealed partial class ManagedNamespace
{
    /// <inheritdoc cref="Names"/>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken = default) =>
        NamesOf(await ContainerPages.ReadAllAsync<DictionaryPage>(_proxy, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="Set"/>
    public Task SetAsync<T>(string name, T value, CancellationToken cancellationToken = default) =>
        _proxy.CallAsync(EncodePair(name, value), null, cancellationToken).AsTask();

    /// <inheritdoc cref="Get"/>
    public async Task<T> GetAsync<T>(string name, CancellationToken cancellationToken = default) =>
        await TryGetAsync<T>(name, cancellationToken).ConfigureAwait(false) is (true, var value) ? value! : throw NotFound(name);

    /// <summary>Reads the value of a name.</summary>
    /// <returns>Whether the name has a value, and the value.</returns>
    /// <exception cref="InvalidCastException">The value was set with another type.</exception>
    public async Task<(bool IsFound, T? Value)> TryGetAsync<T>(string name, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync<DictionaryGet, ItemReply>(new(EncodeName(name)), null, cancellationToken).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? (true, DecodeTyped<T>(name, reply.RequiredItem)) : (false, default);
    }

    /// <inheritdoc cref="Remove"/>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken = default) =>
        (await _proxy.CallAsync<DictionaryRemove, ItemReply>(
            new(EncodeName(name)), null, cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;
}
