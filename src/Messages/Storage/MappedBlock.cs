using System.IO.MemoryMappedFiles;

namespace Actors.Messages.Storage;

/// <summary>
/// A file, or its beginning, mapped into the memory of this process. Thread-safe: the memory stays mapped while bytes are copied.
/// </summary>
public sealed unsafe class MappedBlock : IDisposable
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private int _isReleased;

    private MappedBlock(MemoryMappedViewAccessor view, long length)
    {
        (_view, Length) = (view, length);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

    /// <summary>The start of the memory. Do not use it after <see cref="Dispose"/>.</summary>
    public byte* Start => _start;

    /// <summary>Maps a file and closes it. The mapping does not need the open file.</summary>
    /// <param name="stream">The open file.</param>
    /// <param name="length">The number of bytes, at most the length of the file.</param>
    /// <param name="access">The access to the memory.</param>
    public static MappedBlock MapFile(FileStream stream, long length, MemoryMappedFileAccess access = MemoryMappedFileAccess.ReadWrite)
    {
        using var file = MemoryMappedFile.CreateFromFile(stream, null, length, access, HandleInheritability.None, leaveOpen: false);
        return new MappedBlock(file.CreateViewAccessor(0, length, access), length);
    }

    /// <summary>Copies bytes from the memory.</summary>
    /// <exception cref="ObjectDisposedException">The memory is no longer mapped.</exception>
    public void ReadBytes(long offset, Span<byte> bytes)
    {
        var (handle, isHeld) = (_view.SafeMemoryMappedViewHandle, false);
        try
        {
            handle.DangerousAddRef(ref isHeld);
            new ReadOnlySpan<byte>(_start + offset, bytes.Length).CopyTo(bytes);
        }
        finally
        {
            if (isHeld)
                handle.DangerousRelease();
        }
    }

    /// <summary>Copies bytes to the memory.</summary>
    /// <exception cref="ObjectDisposedException">The memory is no longer mapped.</exception>
    public void WriteBytes(long offset, ReadOnlySpan<byte> bytes)
    {
        var (handle, isHeld) = (_view.SafeMemoryMappedViewHandle, false);
        try
        {
            handle.DangerousAddRef(ref isHeld);
            bytes.CopyTo(new Span<byte>(_start + offset, bytes.Length));
        }
        finally
        {
            if (isHeld)
                handle.DangerousRelease();
        }
    }

    /// <summary>Unmaps the memory. A finalizer may call this, because the handle outlives the objects that refer to it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) != 0)
            return;
        // Does not dispose the accessor, which would first flush the file to disk.
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.SafeMemoryMappedViewHandle.Dispose();
    }
}
