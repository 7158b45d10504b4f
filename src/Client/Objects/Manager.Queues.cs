using Actors.Messages.Objects;
using Actors.Messages.Values;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>Makes a queue, as Python's <c>manager.Queue(maxsize)</c>.</summary>
    /// <param name="capacity">How many items it may hold; 0, the default, is any number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotCarriedException"><typeparamref name="T"/> cannot travel.</exception>
    public async Task<ManagedQueue<T>> CreateQueueAsync<T>(int capacity = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ValueSerializer.Require<T>();
        return new ManagedQueue<T>(await CreateAsync(ObjectKind.Queue, capacity, [], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>As <see cref="CreateQueueAsync{T}"/>, blocking.</summary>
    public ManagedQueue<T> CreateQueue<T>(int capacity = 0) => CreateQueueAsync<T>(capacity).GetAwaiter().GetResult();
}
