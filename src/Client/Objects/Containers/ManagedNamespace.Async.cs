using Actors.Messages.Objects;
using Actors.Objects.Containers;

namespace Actors;

public sealed partial class ManagedNamespace
{
    /// <inheritdoc cref="Names"/>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken = default) =>
        NamesOf(await ContainerPages.ReadAllAsync(_proxy, ObjectOperation.DictionaryPage, 2, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="Set"/>
    public Task SetAsync<T>(string name, T value, CancellationToken cancellationToken = default) =>
        CallAsync(ObjectOperation.DictionarySet, cancellationToken, EncodeName(name), EncodeTyped(value));

    /// <inheritdoc cref="Get"/>
    public async Task<T> GetAsync<T>(string name, CancellationToken cancellationToken = default) =>
        await TryGetAsync<T>(name, cancellationToken).ConfigureAwait(false) is (true, var value) ? value! : throw NotFound(name);

    /// <summary>Reads the value of a name.</summary>
    /// <returns>Whether the name has a value, and the value.</returns>
    /// <exception cref="InvalidCastException">The value was set with another type.</exception>
    public async Task<(bool IsFound, T? Value)> TryGetAsync<T>(string name, CancellationToken cancellationToken = default)
    {
        var reply = await CallAsync(ObjectOperation.DictionaryGet, cancellationToken, EncodeName(name)).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? (true, DecodeTyped<T>(name, reply.Payloads[0])) : (false, default);
    }

    /// <inheritdoc cref="Remove"/>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken = default) =>
        (await CallAsync(
            ObjectOperation.DictionaryRemove, cancellationToken, EncodeName(name)).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    private async Task<ObjectReply> CallAsync(
        ObjectOperation operation, CancellationToken cancellationToken, params ReadOnlyMemory<byte>[] payloads) =>
        await _proxy.CallAsync(operation, null, 0, [.. payloads], cancellationToken).ConfigureAwait(false);
}
