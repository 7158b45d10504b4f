using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace Actors.Messages.Payloads;

/// <summary>
/// The bytes of a file as memory: only what is being read of it is resident, and the system may take that back. Disposing removes the file: it is read once.
/// </summary>
internal sealed unsafe class MappedPayload : MemoryManager<byte>
{
    private readonly string _path;
    private readonly int _length;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _bytes;

    private MappedPayload(string path, int length)
    {
        (_path, _length) = (path, length);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
    }

    /// <exception cref="InvalidDataException">The file is empty, or longer than memory is in one piece.</exception>
    public static MappedPayload Open(string path)
    {
        var length = new FileInfo(path).Length;
        return length > 0 && length <= WireLimits.LargestStored
            ? new MappedPayload(path, (int)length)
            : throw new InvalidDataException($"A payload has from 1 to {WireLimits.LargestStored} bytes; {path} has {length}.");
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => _bytes is not null ? new Span<byte>(_bytes, _length) : throw new ObjectDisposedException(nameof(MappedPayload));

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_bytes + elementIndex, pinnable: this);

    /// <inheritdoc/>
    public override void Unpin()
    {
        // It does not move.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_bytes is null)
            return;
        _bytes = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
