namespace Actors.Objects;

/// <summary>Stores an array in shared memory of this machine.</summary>
internal sealed class LocalArrayStore : IArrayStore
{
    private static readonly Lock Access = new();
    private static readonly Dictionary<string, WeakReference<SharedMemory>> Attached = [];

    private readonly SharedMemory _memory;

    private LocalArrayStore(SharedMemory memory) => _memory = memory;

    /// <summary>The memory.</summary>
    /// <exception cref="ManagedObjectGoneException">The array was freed, or its manager was disposed.</exception>
    public SharedMemory Memory => _memory.IsDisposed ? throw CreateGoneException() : _memory;

    /// <summary>Creates a block of zeros.</summary>
    /// <exception cref="StorageException">The memory is exhausted.</exception>
    public static LocalArrayStore CreateBlock(long size)
    {
        var memory = SharedMemory.CreateOwned(size);
        lock (Access)
            AddAttached(memory);
        return new LocalArrayStore(memory);
    }

    /// <summary>Attaches the block of this name, once in this process while it is referenced.</summary>
    /// <exception cref="ManagedObjectGoneException">The array was freed, or its manager was disposed.</exception>
    public static LocalArrayStore AttachTo(string name)
    {
        lock (Access)
        {
            if (!Attached.TryGetValue(name, out var known) || !known.TryGetTarget(out var memory) || memory.IsDisposed)
                AddAttached(memory = OpenBlock(name));
            memory.MarkUsed();
            return new LocalArrayStore(memory);
        }
    }

    /// <inheritdoc/>
    public void ReadBytes(long offset, Span<byte> bytes) => Memory.ReadBytes(offset, bytes);

    /// <inheritdoc/>
    public void WriteBytes(long offset, ReadOnlySpan<byte> bytes) => Memory.WriteBytes(offset, bytes);

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadBytesAsync(long offset, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        ReadBytes(offset, bytes);
        return new(bytes);
    }

    /// <inheritdoc/>
    public ValueTask WriteBytesAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        WriteBytes(offset, bytes.Span);
        return default;
    }

    private static void AddAttached(SharedMemory memory)
    {
        foreach (var (name, known) in Attached)
        {
            if (!known.TryGetTarget(out _))
                Attached.Remove(name);
        }

        Attached[memory.Name] = new WeakReference<SharedMemory>(memory);
    }

    private static SharedMemory OpenBlock(string name)
    {
        try
        {
            return SharedMemory.Open(name);
        }
        catch (FileNotFoundException)
        {
            throw CreateGoneException();
        }
    }

    private static ManagedObjectGoneException CreateGoneException() =>
        new("The managed array no longer exists: it was freed, or its manager was disposed. Create a new array.");
}
