using System.Runtime.InteropServices;
using Actors.Messages.Storage;
using Actors.Messages.Values;

namespace Actors;

/// <summary>
/// A block of memory that processes of one machine share, as Python's <c>multiprocessing.shared_memory.SharedMemory</c>: what one writes, the others see at
/// once, and nothing is copied. Pass it as an argument: it arrives attached to the same block. It is a file that only its user can open, in
/// memory where the system has such a place (<c>/dev/shm</c>; the environment variable <c>ACTORS_SHARED_MEMORY_DIRECTORY</c> names another), and stays until <see cref="Unlink"/> or the machine's restart, whoever dies. Nothing keeps two
/// processes from writing at once: use a lock. Its members are thread-safe; the memory is as safe as what is done with it.
/// </summary>
public sealed unsafe class SharedMemory : IDisposable, ICarried<SharedMemory>
{
    private readonly AttachedBlock _block;
    private int _isDisposed;

    private SharedMemory(string name, FileStream stream, long size) =>
        (Name, _block) = (name, new AttachedBlock(MappedBlock.Map(stream, size)));

    /// <summary>What others open it by.</summary>
    public string Name { get; }

    /// <summary>Its size in bytes, exactly as asked for.</summary>
    public long Size => _block.Length;

    /// <summary>
    /// Its bytes, up to 2 GiB of them. Not to be used after <see cref="Dispose"/>, and in a worker not after the job that asked for them: the
    /// memory is unmapped then. Elsewhere keep the object alive while you use them (<see cref="GC.KeepAlive"/>): the garbage collector does
    /// not see this use.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public Span<byte> Span => new(Attached.Pin(), (int)Math.Min(Size, Array.MaxLength));

    internal bool IsDisposed => Volatile.Read(ref _isDisposed) != 0;

    private AttachedBlock Attached
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return _block;
        }
    }

    /// <summary>Makes a block of zeros, as Python's <c>SharedMemory(name, create=True, size)</c>.</summary>
    /// <param name="size">Its size in bytes; at least 1.</param>
    /// <param name="name">Null, the default, for one that nobody has; letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, up to 200 of them.</param>
    /// <exception cref="IOException">There is a block of this name; Python's <c>FileExistsError</c>.</exception>
    /// <exception cref="StorageException">There is no room for it: all of it is reserved here.</exception>
    /// <exception cref="ArgumentException">The name cannot be one.</exception>
    public static SharedMemory Create(long size, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        name ??= $"{Environment.ProcessId}-{Guid.NewGuid():N}";
        return new SharedMemory(name, StorageDirectory.SharedMemory.CreateFile(PathOf(name), size), size);
    }

    /// <summary>Makes a block of zeros that is removed with this process, however it ends.</summary>
    /// <exception cref="StorageException">There is no room for it.</exception>
    internal static SharedMemory CreateOwned(long size) => Create(size, OwnedMemory.NewName());

    /// <summary>Attaches to a block that is there, as Python's <c>SharedMemory(name)</c>.</summary>
    /// <exception cref="FileNotFoundException">There is no block of this name.</exception>
    /// <exception cref="StorageException">Another user, or something else than a block, has the name.</exception>
    /// <exception cref="ArgumentException">The name cannot be one.</exception>
    public static SharedMemory Open(string name)
    {
        var path = PathOf(name);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no shared memory '{name}' on this machine.", path);
        var stream = PrivateFile.Open(
            path, new FileStreamOptions { Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete });
        if (stream.Length > 0)
            return new SharedMemory(name, stream, stream.Length);
        stream.Dispose();
        throw new FileNotFoundException($"The shared memory '{name}' is just being made.", path);
    }

    /// <summary>Its bytes as values of a type.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Span);

    /// <summary>Removes the block: it goes when the last process that has it lets go. Nothing when it was removed before. Python's <c>unlink()</c>.</summary>
    public void Unlink() => File.Delete(PathOf(Name));

    /// <summary>
    /// Lets go of the block, which stays for others: Python's <c>close()</c>. A block that nothing refers to any more is let go of without this
    /// call: in a worker after the job that received it, elsewhere by the garbage collector.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            _block.Dispose();
    }

    /// <summary>Copies bytes out.</summary>
    internal void Read(long offset, Span<byte> bytes) => Attached.Read(offset, bytes);

    /// <summary>Copies bytes in.</summary>
    internal void Write(long offset, ReadOnlySpan<byte> bytes) => Attached.Write(offset, bytes);

    /// <summary>The running job uses it.</summary>
    internal void Touch() => AttachedMemory.Touch(_block);

    void ICarried<SharedMemory>.Write(ref ValueWriter writer)
    {
        writer.Write(Environment.MachineName);
        writer.Write(Name);
    }

    static SharedMemory ICarried<SharedMemory>.Read(ref ValueReader reader)
    {
        var (machine, name) = (reader.Read<string>(), reader.Read<string>());
        return machine == Environment.MachineName
            ? Open(name)
            : throw new InvalidOperationException($"The shared memory '{name}' is on {machine}, and this is {Environment.MachineName}: memory is shared on one machine only.");
    }

    private static string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 200 || !name.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.'))
            throw new ArgumentException($"The name of shared memory has up to 200 letters, digits, '-', '_' and '.', which '{name}' has not.", nameof(name));
        return Path.Combine(StorageDirectory.SharedMemory.Path, OwnedMemory.FilePrefix + name);
    }
}
