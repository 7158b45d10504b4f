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
public sealed partial class ManagedArray<T> : ICarried<ManagedArray<T>>
    where T : unmanaged
{
    private readonly IArrayStore _store;

    internal ManagedArray(IArrayStore store, int length, ManagedLock @lock) => (_store, Length, Lock) = (store, length, @lock);

    /// <summary>How many elements it has.</summary>
    public int Length { get; }

    /// <summary>The lock that goes with it, as Python's <c>get_lock()</c>. Nothing here takes it but <see cref="Update"/>.</summary>
    public ManagedLock Lock { get; }

    /// <summary>The memory itself. A process that was given the array keeps it until it ends.</summary>
    /// <exception cref="InvalidOperationException">The array is at a coordinator of a cluster.</exception>
    public Span<T> Span => _store is LocalArrayStore local
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
    public void Read(int start, Span<T> elements) => _store.Read(Offset(start, elements.Length), MemoryMarshal.AsBytes(elements));

    /// <summary>Copies elements in, from one on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public void Write(int start, ReadOnlySpan<T> elements) => _store.Write(Offset(start, elements.Length), MemoryMarshal.AsBytes(elements));

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

    void ICarried<ManagedArray<T>>.Write(ref ValueWriter writer)
    {
        writer.Write(Length);
        writer.Write(Lock);
        writer.Write((_store as LocalArrayStore)?.Memory.Name);
        (_store as RemoteArrayStore)?.Proxy.Write(ref writer);
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
