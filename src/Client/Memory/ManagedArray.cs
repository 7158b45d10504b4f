using System.Runtime.InteropServices;
using Actors.Memory;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// An array of a fixed length that processes share, with the lock that goes with it, as Python's <c>multiprocessing.Array</c> and
/// <c>Manager().Array(…)</c>. Pass it as an argument: it arrives as the same array. With a manager on this machine it lies in shared memory:
/// <see cref="Span"/> is that memory, and reading costs nothing. With one on a cluster it lies at the coordinator, and each access is a round
/// trip. A change that depends on what is there needs the <see cref="Lock"/>, or <see cref="Update"/>, which takes it. Thread-safe as far as that.
/// </summary>
/// <typeparam name="T">Numbers, and structs of such.</typeparam>
/// <remarks>
/// With a manager on a cluster every call may throw <see cref="ManagedObjectGoneException"/>, when the manager was disposed, and <see cref="CoordinatorLostException"/>, when the
/// coordinator that has the array is lost; so may what takes the <see cref="Lock"/> with any manager.
/// </remarks>
public sealed partial class ManagedArray<T> : ICarried<ManagedArray<T>>, IDisposable
    where T : unmanaged
{
    private readonly Action? _free;
    private IArrayStore? _present;

    /// <param name="store">Where its elements are.</param>
    /// <param name="length">How many it has.</param>
    /// <param name="lock">Its lock.</param>
    /// <param name="free">Removes the array; null where another process made it.</param>
    internal ManagedArray(IArrayStore store, int length, ManagedLock @lock, Action? free = null) =>
        (_present, Length, Lock, _free) = (store, length, @lock, free);

    /// <summary>How many elements it has.</summary>
    public int Length { get; }

    /// <summary>The lock that goes with it, as Python's <c>get_lock()</c>. Nothing here takes it but <see cref="Update"/>.</summary>
    public ManagedLock Lock { get; }

    private IArrayStore Store => _present
        ?? throw new ObjectDisposedException(nameof(ManagedArray<>), "The managed array was disposed of.");

    /// <summary>
    /// The memory itself. Do not use it after the array or its manager was disposed, or, in a worker, after the job that asked for it: it is
    /// unmapped then. Elsewhere keep the array or its manager alive while you use it.
    /// </summary>
    /// <exception cref="ManagedObjectGoneException">The array was freed, or its manager was disposed.</exception>
    /// <exception cref="InvalidOperationException">The array is at a coordinator of a cluster.</exception>
    public Span<T> Span => Store is LocalArrayStore local
        ? local.Memory.AsSpan<T>()[..Length]
        : throw new InvalidOperationException($"The array is at a coordinator, and memory is shared on one machine only: use the indexer, {nameof(Read)} and {nameof(Write)}.");

    /// <summary>An element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public T this[int index]
    {
        get
        {
            var element = default(T);
            Read(index, MemoryMarshal.CreateSpan(ref element, 1));
            return element;
        }
        set => Write(index, [value]);
    }

    /// <summary>Copies elements out, from one on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public void Read(int start, Span<T> elements) => Store.Read(Offset(start, elements.Length), MemoryMarshal.AsBytes(elements));

    /// <summary>Copies elements in, from one on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public void Write(int start, ReadOnlySpan<T> elements) => Store.Write(Offset(start, elements.Length), MemoryMarshal.AsBytes(elements));

    /// <summary>A copy of all elements.</summary>
    public T[] ToArray()
    {
        var all = new T[Length];
        Read(0, all);
        return all;
    }

    /// <summary>Changes an element while holding the <see cref="Lock"/>. Blocks.</summary>
    /// <returns>The new element.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public T Update(int index, Func<T, T> change)
    {
        using var hold = Lock.Acquire();
        return this[index] = change(this[index]);
    }

    /// <summary>
    /// Frees the array, in the process that made it: the memory is returned when the last process has let go of it, and a process that gets
    /// the array later receives <see cref="ManagedObjectGoneException"/>. In another process it ends the use of this object alone. Does nothing
    /// when called again. An array that is not disposed is freed with its manager, or with the process that made it. Thread-safe; do not call
    /// it while another thread uses a <see cref="Span"/>.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _present, null) is not null)
            _free?.Invoke();
    }

    void ICarried<ManagedArray<T>>.Write(ref ValueWriter writer)
    {
        writer.Write(Length);
        writer.Write(Lock);
        writer.Write((Store as LocalArrayStore)?.Memory.Name);
        (Store as RemoteArrayStore)?.Proxy.Write(ref writer);
    }

    static ManagedArray<T> ICarried<ManagedArray<T>>.Read(ref ValueReader reader)
    {
        var (length, @lock, memory) = (reader.Read<int>(), reader.Read<ManagedLock>(), reader.Read<string?>());
        return new ManagedArray<T>(memory is null ? new RemoteArrayStore(ObjectProxy.Read(ref reader)) : LocalArrayStore.Of(memory), length, @lock);
    }

    private static int ElementSize => System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

    private long Offset(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length - start, nameof(start));
        return (long)start * ElementSize;
    }
}
