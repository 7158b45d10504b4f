using System.IO.MemoryMappedFiles;

namespace Actors.Messages.Storage;

/// <summary>A file, or its beginning, mapped into this process. Thread-safe: the memory stays mapped while a copy runs.</summary>
internal sealed unsafe class MappedBlock : IDisposable
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

    /// <summary>The memory; not to be used after <see cref="Dispose"/>.</summary>
    public byte* Start => _start;

    /// <summary>Maps a file, which is closed: the mapping does not need it.</summary>
    /// <param name="stream">The open file.</param>
    /// <param name="length">How many bytes; the file has as many.</param>
    /// <param name="access">For reading, or for writing too.</param>
    public static MappedBlock MapFile(FileStream stream, long length, MemoryMappedFileAccess access = MemoryMappedFileAccess.ReadWrite)
    {
        using var file = MemoryMappedFile.CreateFromFile(stream, null, length, access, HandleInheritability.None, leaveOpen: false);
        return new MappedBlock(file.CreateViewAccessor(0, length, access), length);
    }

    /// <summary>Copies bytes out.</summary>
    /// <exception cref="ObjectDisposedException">It is not mapped any more.</exception>
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

    /// <summary>Copies bytes in.</summary>
    /// <exception cref="ObjectDisposedException">It is not mapped any more.</exception>
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

    /// <summary>Unmaps it. From a finalizer too: the handle outlives the objects that refer to it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) != 0)
            return;
        // Without the accessor's Dispose, which would first write a file on a disk through.
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.SafeMemoryMappedViewHandle.Dispose();
    }
}
