using System.Text;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors;

public sealed partial class ManagedQueue<T>
{
    /// <summary>The greatest length of a key.</summary>
    private const int LongestKey = 200;

    /// <summary>
    /// Adds an item unless an item was added with the same key before, so that a put that has failed can be repeated. The queue remembers
    /// its last 100,000 keys, also those of items that were taken. A durable queue writes the key with the item. Blocks the thread while
    /// the queue is full. Python has no counterpart.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="key">The key; from 1 to 200 characters, case-sensitive.</param>
    /// <param name="timeout">The longest wait for capacity.</param>
    /// <param name="cancellationToken">Cancels the wait. The item may have been added.</param>
    /// <returns>True when this call has added the item; false when it was added before.</returns>
    /// <exception cref="ArgumentException">The key is empty or too long.</exception>
    /// <exception cref="QueueKeyConflictException">Another item was added with the key.</exception>
    /// <exception cref="QueueFullException">The queue stayed full for the timeout.</exception>
    /// <exception cref="NotCarriedException">The item is of a type that cannot be serialized.</exception>
    public bool PutOnce(T item, string key, TimeSpan? timeout = null, CancellationToken cancellationToken = default) => WasAdded(
        _proxy.Call<QueuePutOnce, PutOnceReply>(EncodeKeyed(item, key), timeout, cancellationToken), key, timeout);

    /// <inheritdoc cref="PutOnce"/>
    public async Task<bool> PutOnceAsync(T item, string key, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WasAdded(
            await _proxy.CallAsync<QueuePutOnce, PutOnceReply>(
                EncodeKeyed(item, key), timeout, cancellationToken).ConfigureAwait(false), key, timeout);

    private QueuePutOnce EncodeKeyed(T item, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length is > 0 and <= LongestKey
            ? new(Encoding.UTF8.GetBytes(key), _proxy.EncodeValue(item))
            : throw new ArgumentException($"The key of an item has {key.Length} characters: use from 1 to {LongestKey}.", nameof(key));
    }

    private static bool WasAdded(PutOnceReply reply, string key, TimeSpan? timeout) => reply.Status switch
    {
        ObjectStatus.Conflict => throw new QueueKeyConflictException(key),
        ObjectStatus.Full => throw CreateFullException(timeout),
        _ => reply.IsNew,
    };
}
