using System.Runtime.InteropServices;
using Actors.Messages.Storage;
using Actors.Messages.Values;

namespace Actors;

/// <summary>
/// A block of memory that processes of one machine share, as Python's <c>multiprocessing.shared_memory.SharedMemory</c>. Writes are visible
/// to all processes at once, without copies. A worker that receives it as an argument attaches to the same block. The block is a file that
/// only its user can open, in <c>/dev/shm</c> or the temporary directory (the environment variable <c>ACTORS_SHARED_MEMORY_DIRECTORY</c>
/// overrides this). It exists until <see cref="Unlink"/> or the restart of the machine, even when processes die. Members are thread-safe;
/// access to the memory is not synchronized: use a lock.
/// </summary>
public sealed unsafe class SharedMemory : IDisposable, ICarried<SharedMemory>
{
    private readonly AttachedBlock _block;
    private int _isDisposed;

    private SharedMemory(string name, FileStream stream, long size) =>
        (Name, _block) = (name, new AttachedBlock(MappedBlock.MapFile(stream, size)));

    /// <summary>Gets the name for <see cref="Open"/>.</summary>
    public string Name { get; }

    /// <summary>Gets the size in bytes, exactly as requested.</summary>
    public long Size => _block.Length;

    /// <summary>
    /// Gets the bytes, up to 2 GiB. They are unmapped after <see cref="Dispose"/> and, in a worker, after the job that read this property:
    /// do not use them then. Elsewhere keep the object alive while you use the span (<see cref="GC.KeepAlive"/>), because the garbage
    /// collector does not track it.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The object was disposed.</exception>
    public Span<byte> Span => new(Attached.PinMemory(), (int)Math.Min(Size, Array.MaxLength));

    internal bool IsDisposed => Volatile.Read(ref _isDisposed) != 0;

    private AttachedBlock Attached
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return _block;
        }
    }

    /// <summary>Creates a block of zeros, as Python's <c>SharedMemory(name, create=True, size)</c>.</summary>
    /// <param name="size">The size in bytes; at least 1.</param>
    /// <param name="name">
    /// The name: 1 to 200 letters, digits, <c>-</c>, <c>_</c> and <c>.</c>. Null, the default, creates a unique one.
    /// </param>
    /// <exception cref="IOException">A block of this name exists; Python's <c>FileExistsError</c>.</exception>
    /// <exception cref="StorageException">The memory is exhausted. The full size is reserved at creation.</exception>
    /// <exception cref="ArgumentException">The name contains other characters.</exception>
    public static SharedMemory Create(long size, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        name ??= $"{Environment.ProcessId}-{Guid.NewGuid():N}";
        return new SharedMemory(name, StorageDirectory.SharedMemory.CreateFile(PathOf(name), size), size);
    }

    /// <summary>Creates a block of zeros that is removed when this process ends, in any way.</summary>
    /// <exception cref="StorageException">The memory is exhausted.</exception>
    internal static SharedMemory CreateOwned(long size) => Create(size, OwnedMemory.NewName());

    /// <summary>Attaches to an existing block, as Python's <c>SharedMemory(name)</c>.</summary>
    /// <exception cref="FileNotFoundException">No block of this name exists.</exception>
    /// <exception cref="StorageException">Another user or a file of another kind has the name.</exception>
    /// <exception cref="ArgumentException">The name contains other characters.</exception>
    public static SharedMemory Open(string name)
    {
        var path = PathOf(name);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"No shared memory '{name}' exists on this machine. Create it first, and keep it until others have attached.", path);
        }

        var stream = PrivateFile.Open(
            path, new FileStreamOptions { Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete });
        if (stream.Length > 0)
            return new SharedMemory(name, stream, stream.Length);
        stream.Dispose();
        throw new FileNotFoundException($"The shared memory '{name}' is still being created. Try again.", path);
    }

    /// <summary>
    /// Returns the bytes as values of a type. A local <see cref="DateTime"/> is another instant in a process with another time zone; use a
    /// <see cref="DateTimeOffset"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The object was disposed.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Span);

    /// <summary>
    /// Removes the block, as Python's <c>unlink()</c>: its memory is released when the last process detaches. Does nothing when it was
    /// removed before.
    /// </summary>
    public void Unlink() => File.Delete(PathOf(Name));

    /// <summary>
    /// Detaches from the block, which stays for other processes: Python's <c>close()</c>. An unreferenced block is detached without this
    /// call: in a worker after the job that received it, elsewhere by the garbage collector.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            _block.Dispose();
    }

    /// <summary>Copies bytes from the block.</summary>
    internal void ReadBytes(long offset, Span<byte> bytes) => Attached.ReadBytes(offset, bytes);

    /// <summary>Copies bytes to the block.</summary>
    internal void WriteBytes(long offset, ReadOnlySpan<byte> bytes) => Attached.WriteBytes(offset, bytes);

    /// <summary>Marks the block as used by the running job.</summary>
    internal void MarkUsed() => AttachedMemory.MarkUsed(_block);

    void ICarried<SharedMemory>.WriteTo(ref ValueWriter writer)
    {
        writer.WriteValue(Environment.MachineName);
        writer.WriteValue(Name);
    }

    static SharedMemory ICarried<SharedMemory>.ReadFrom(ref ValueReader reader)
    {
        var (machine, name) = (reader.ReadValue<string>(), reader.ReadValue<string>());
        return machine == Environment.MachineName
            ? Open(name)
            : throw new InvalidOperationException(
                $"The shared memory '{name}' is on {machine} and cannot be used on {Environment.MachineName}. Use a ManagedArray on a "
                + "cluster.");
    }

    /// <summary>Gets the path of the file of a block.</summary>
    /// <exception cref="ArgumentException">The name contains other characters.</exception>
    internal static string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 200 || !name.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.'))
        {
            throw new ArgumentException(
                $"'{name}' cannot name shared memory: use 1 to 200 letters, digits, '-', '_' and '.'.", nameof(name));
        }

        return Path.Combine(StorageDirectory.SharedMemory.Path, OwnedMemory.FilePrefix + name);
    }
}
