namespace Actors.Memory;

/// <summary>In memory that the processes of this machine share.</summary>
internal sealed class LocalArrayStore : IArrayStore
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, WeakReference<SharedMemory>> Attached = [];

    private readonly SharedMemory _memory;

    private LocalArrayStore(SharedMemory memory) => _memory = memory;

    /// <summary>The memory.</summary>
    /// <exception cref="ManagedObjectGoneException">The array was freed, or its manager was disposed.</exception>
    public SharedMemory Memory => _memory.IsDisposed ? throw Gone() : _memory;

    /// <summary>Makes a block of zeros.</summary>
    /// <exception cref="StorageException">There is no room for it.</exception>
    public static LocalArrayStore Create(long size)
    {
        var memory = SharedMemory.CreateOwned(size);
        lock (Gate)
            Add(memory);
        return new LocalArrayStore(memory);
    }

    /// <summary>The block of this name, attached once in this process while something refers to it.</summary>
    /// <exception cref="ManagedObjectGoneException">The array was freed, or its manager was disposed.</exception>
    public static LocalArrayStore Of(string name)
    {
        lock (Gate)
        {
            if (!Attached.TryGetValue(name, out var known) || !known.TryGetTarget(out var memory) || memory.IsDisposed)
                Add(memory = Open(name));
            memory.Touch();
            return new LocalArrayStore(memory);
        }
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> bytes) => Memory.Read(offset, bytes);

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes) => Memory.Write(offset, bytes);

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(long offset, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        Read(offset, bytes);
        return new(bytes);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Write(offset, bytes.Span);
        return default;
    }

    private static void Add(SharedMemory memory)
    {
        foreach (var (name, known) in Attached)
        {
            if (!known.TryGetTarget(out _))
                Attached.Remove(name);
        }

        Attached[memory.Name] = new WeakReference<SharedMemory>(memory);
    }

    private static SharedMemory Open(string name)
    {
        try
        {
            return SharedMemory.Open(name);
        }
        catch (FileNotFoundException)
        {
            throw Gone();
        }
    }

    private static ManagedObjectGoneException Gone() =>
        new("The managed array is not there any more: it was freed, or its manager was disposed.");
}
