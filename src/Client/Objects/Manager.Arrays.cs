using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Actors.Memory;
using Actors.Messages.Objects;

namespace Actors;

public sealed partial class Manager
{
    private readonly ConcurrentDictionary<SharedMemory, ManagedLock> _memory = [];

    /// <summary>Makes an array of zeros, as Python's <c>Array(typecode, length)</c>. Where this manager is on this machine, it lies in shared memory.</summary>
    /// <param name="length">How many elements: 0 or more, and up to 1 GiB of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StorageException">There is no room for it where shared memory lies.</exception>
    public async Task<ManagedArray<T>> CreateArrayAsync<T>(int length, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        // There is no memory of no size.
        var size = Math.Max(1, (long)length * Unsafe.SizeOf<T>());
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1L << 30, nameof(length));
        var @lock = await CreateLockAsync(cancellationToken).ConfigureAwait(false);
        if (!_connection.Runtime.Coordinator.Path.Address.HasLocalScope)
        {
            var proxy = await CreateAsync(ObjectKind.Bytes, size, [], cancellationToken).ConfigureAwait(false);
            return new ManagedArray<T>(new RemoteArrayStore(proxy), length, @lock, () => Remove(proxy.Id, @lock.Access.Proxy.Id));
        }

        var store = LocalArrayStore.Create(size);
        var memory = store.Memory;
        _memory[memory] = @lock;
        return new ManagedArray<T>(store, length, @lock, () => Free(memory));
    }

    /// <summary>Removes the array, unless the manager has done so.</summary>
    private void Free(SharedMemory memory)
    {
        if (!_memory.TryRemove(memory, out var @lock))
            return;
        memory.Unlink();
        memory.Dispose();
        Remove(@lock.Access.Proxy.Id);
    }

    /// <summary>Makes an array of these elements, as Python's <c>Array(typecode, elements)</c>.</summary>
    /// <inheritdoc cref="CreateArrayAsync{T}(int, CancellationToken)"/>
    public async Task<ManagedArray<T>> CreateArrayAsync<T>(ReadOnlyMemory<T> elements, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        var array = await CreateArrayAsync<T>(elements.Length, cancellationToken).ConfigureAwait(false);
        array.Write(0, elements.Span);
        return array;
    }

    /// <summary>As <see cref="CreateArrayAsync{T}(int, CancellationToken)"/>, blocking.</summary>
    public ManagedArray<T> CreateArray<T>(int length)
        where T : unmanaged => CreateArrayAsync<T>(length).GetAwaiter().GetResult();

    /// <summary>As <see cref="CreateArrayAsync{T}(ReadOnlyMemory{T}, CancellationToken)"/>, blocking.</summary>
    public ManagedArray<T> CreateArray<T>(ReadOnlyMemory<T> elements)
        where T : unmanaged => CreateArrayAsync(elements).GetAwaiter().GetResult();
}
