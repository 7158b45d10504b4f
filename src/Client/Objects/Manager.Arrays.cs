using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors;

public sealed partial class Manager
{
    private readonly ConcurrentDictionary<SharedMemory, ManagedLock> _memory = [];

    /// <summary>
    /// Creates an array of zeros, as Python's <c>Array(typecode, length)</c>; in shared memory when this manager is on this machine.
    /// </summary>
    /// <param name="length">The number of elements; 0 or more, up to 1 GiB in total.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="StorageException">The shared memory is exhausted.</exception>
    /// <exception cref="NotCarriedException">The elements contain a <see cref="DateTime"/>.</exception>
    public async Task<ManagedArray<T>> CreateArrayAsync<T>(int length, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArrayElements.RequirePortable<T>();
        // Shared memory cannot be empty.
        var size = Math.Max(1, (long)length * Unsafe.SizeOf<T>());
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1L << 30, nameof(length));
        var @lock = await CreateLockAsync(cancellationToken).ConfigureAwait(false);
        if (!_connection.Runtime.Coordinator.Path.Address.HasLocalScope)
        {
            var proxy = await CreateAsync(ObjectKind.Bytes, size, [], cancellationToken).ConfigureAwait(false);
            return new ManagedArray<T>(new RemoteArrayStore(proxy), length, @lock, () => RemoveObjects(proxy.Id, @lock.Access.Proxy.Id));
        }

        var store = LocalArrayStore.CreateBlock(size);
        var memory = store.Memory;
        _memory[memory] = @lock;
        return new ManagedArray<T>(store, length, @lock, () => FreeArray(memory));
    }

    /// <summary>Removes the array, unless the manager was disposed before.</summary>
    private void FreeArray(SharedMemory memory)
    {
        if (!_memory.TryRemove(memory, out var @lock))
            return;
        memory.Unlink();
        memory.Dispose();
        RemoveObjects(@lock.Access.Proxy.Id);
    }

    /// <summary>Creates an array with the given elements, as Python's <c>Array(typecode, elements)</c>.</summary>
    /// <inheritdoc cref="CreateArrayAsync{T}(int, CancellationToken)"/>
    public async Task<ManagedArray<T>> CreateArrayAsync<T>(ReadOnlyMemory<T> elements, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        var array = await CreateArrayAsync<T>(elements.Length, cancellationToken).ConfigureAwait(false);
        array.Write(0, elements.Span);
        return array;
    }

    /// <summary>Blocking form of <see cref="CreateArrayAsync{T}(int, CancellationToken)"/>.</summary>
    public ManagedArray<T> CreateArray<T>(int length)
        where T : unmanaged => CreateArrayAsync<T>(length).WaitForResult();

    /// <summary>Blocking form of <see cref="CreateArrayAsync{T}(ReadOnlyMemory{T}, CancellationToken)"/>.</summary>
    public ManagedArray<T> CreateArray<T>(ReadOnlyMemory<T> elements)
        where T : unmanaged => CreateArrayAsync(elements).WaitForResult();
}
