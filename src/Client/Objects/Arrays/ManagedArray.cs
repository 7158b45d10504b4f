using System.Runtime.InteropServices;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A shared array of fixed length with a lock, as Python's <c>multiprocessing.Array</c> and <c>Manager().Array(…)</c>. A worker that
/// receives it as an argument gets the same array. With a manager on this machine the array lies in shared memory: <see cref="Span"/> is
/// that memory, and access costs nothing. With a manager on a cluster it lies at the coordinator, and each access is a round trip. Take the
/// <see cref="Lock"/>, or call <see cref="Update"/>, which takes it, for a change that depends on the current value. Single accesses are
/// thread-safe.
/// </summary>
/// <typeparam name="T">
/// The element type: a number, or a struct of numbers. A <see cref="DateTime"/> is refused, because its bits depend on the time zone of the
/// process.
/// </typeparam>
/// <remarks>
/// With a manager on a cluster every call can throw <see cref="ManagedObjectGoneException"/> (the manager was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the array was lost). Members that take the <see cref="Lock"/> can
/// throw both with any manager.
/// </remarks>
public sealed partial class ManagedArray<T> : ICarried<ManagedArray<T>>, IDisposable
    where T : unmanaged
{
    private readonly Action? _free;
    private IArrayStore? _present;

    /// <param name="store">The storage.</param>
    /// <param name="length">The number of elements.</param>
    /// <param name="lock">The lock.</param>
    /// <param name="free">Removes the array; null when another process created it.</param>
    internal ManagedArray(IArrayStore store, int length, ManagedLock @lock, Action? free = null) =>
        (_present, Length, Lock, _free) = (store, length, @lock, free);

    /// <summary>Gets the number of elements.</summary>
    public int Length { get; }

    /// <summary>
    /// Gets the lock of the array, as Python's <c>get_lock()</c>. Only <see cref="Update"/> takes it; other members do not.
    /// </summary>
    public ManagedLock Lock { get; }

    private IArrayStore Store => _present
        ?? throw new ObjectDisposedException(nameof(ManagedArray<>), "The managed array was disposed.");

    /// <summary>
    /// Gets the memory of the array. It is unmapped after the array or its manager was disposed and, in a worker, after the job that read
    /// this property: do not use it then. Elsewhere keep the array or its manager alive while you use the span.
    /// </summary>
    /// <exception cref="ManagedObjectGoneException">The array was freed, or its manager was disposed.</exception>
    /// <exception cref="InvalidOperationException">The array is stored at a coordinator.</exception>
    public Span<T> Span => Store is LocalArrayStore local
        ? local.Memory.AsSpan<T>()[..Length]
        : throw new InvalidOperationException(
            $"The array is stored at a coordinator, not in shared memory: use the indexer, {nameof(Read)} and {nameof(Write)}.");

    /// <summary>Gets or sets an element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
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

    /// <summary>Copies a range of elements into the span.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range extends beyond the end.</exception>
    public void Read(int start, Span<T> elements) => Store.ReadBytes(GetOffset(start, elements.Length), MemoryMarshal.AsBytes(elements));

    /// <summary>Copies the span to a range of elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range extends beyond the end.</exception>
    public void Write(int start, ReadOnlySpan<T> elements) =>
        Store.WriteBytes(GetOffset(start, elements.Length), MemoryMarshal.AsBytes(elements));

    /// <summary>Returns a copy of all elements.</summary>
    public T[] ToArray()
    {
        var all = new T[Length];
        Read(0, all);
        return all;
    }

    /// <summary>Changes an element while holding the <see cref="Lock"/>. Blocks the thread.</summary>
    /// <returns>The new value of the element.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public T Update(int index, Func<T, T> change)
    {
        using var hold = Lock.Acquire();
        return this[index] = change(this[index]);
    }

    /// <summary>
    /// In the process that created the array: frees it. The memory is released when the last process detaches, and a process that receives
    /// the array later gets <see cref="ManagedObjectGoneException"/>. In another process: disposes this object only. An array that is not
    /// disposed is freed with its manager or the process that created it. Can be called repeatedly. Thread-safe, but do not call it while
    /// another thread uses a <see cref="Span"/>.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _present, null) is not null)
            _free?.Invoke();
    }

    void ICarried<ManagedArray<T>>.WriteTo(ref ValueWriter writer)
    {
        writer.WriteValue(Length);
        writer.WriteValue(Lock);
        writer.WriteValue((Store as LocalArrayStore)?.Memory.Name);
        (Store as RemoteArrayStore)?.Proxy.WriteTo(ref writer);
    }

    static ManagedArray<T> ICarried<ManagedArray<T>>.ReadFrom(ref ValueReader reader)
    {
        var (length, @lock, memory) = (reader.ReadValue<int>(), reader.ReadValue<ManagedLock>(), reader.ReadValue<string?>());
        return new ManagedArray<T>(
            memory is null ? new RemoteArrayStore(ObjectProxy.ReadFrom(ref reader)) : LocalArrayStore.AttachTo(memory), length, @lock);
    }

    private static int ElementSize => System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

    private long GetOffset(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length - start, nameof(start));
        return (long)start * ElementSize;
    }
}
