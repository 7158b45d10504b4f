using System.Buffers;
using System.IO.MemoryMappedFiles;
using Actors.Messages.Storage;

namespace Actors.Messages.Payloads;

/// <summary>
/// The content of a file as memory. Only the parts being read are resident. Disposing removes the file, because a payload is read once.
/// </summary>
public sealed unsafe class MappedPayload : MemoryManager<byte>
{
    private readonly string _path;
    private readonly MappedBlock _block;
    private byte* _bytes;

    private MappedPayload(string path, MappedBlock block)
    {
        (_path, _block) = (path, block);
        _bytes = block.Start;
    }

    /// <exception cref="InvalidDataException">The file is empty, or longer than a block of memory can be.</exception>
    public static MappedPayload OpenFile(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        var length = file.Length;
        if (length > 0 && length <= WireLimits.LargestStored)
            return new MappedPayload(path, MappedBlock.MapFile(file, length, MemoryMappedFileAccess.Read));
        file.Dispose();
        throw new InvalidDataException($"A payload has from 1 to {WireLimits.LargestStored} bytes; {path} has {length}.");
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() =>
        _bytes is not null ? new Span<byte>(_bytes, (int)_block.Length) : throw new ObjectDisposedException(nameof(MappedPayload));

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_bytes + elementIndex, pinnable: this);

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Mapped memory does not move.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_bytes is null)
            return;
        _bytes = null;
        _block.Dispose();
        File.Delete(_path);
    }
}
