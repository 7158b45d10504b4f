using System.Security.Cryptography;
using Actors.Messages.Payloads;
using Actors.Messages.Storage;

namespace Actors.Coordinator.Payloads;

/// <summary>Stores payloads on disk, each in a file named by its id. No payload stays in memory, and no file stays open.</summary>
internal sealed class PayloadFiles(string directory) : IDisposable
{
    private readonly Dictionary<PayloadId, IncrementalHash> _hashes = [];

    /// <summary>Creates an empty file.</summary>
    public void CreateFile(PayloadId id)
    {
        PrivateFile.Create(PathOf(id)).Dispose();
        _hashes.Add(id, IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
    }

    /// <summary>Writes the next chunk.</summary>
    public void WriteChunk(PayloadId id, long offset, ReadOnlySpan<byte> bytes)
    {
        using var file = OpenFile(id, FileAccess.Write);
        RandomAccess.Write(file.SafeFileHandle, bytes, offset);
        _hashes[id].AppendData(bytes);
    }

    /// <summary>Completes a file after its last chunk.</summary>
    /// <returns>The hash of the content.</returns>
    public PayloadHash CompleteFile(PayloadId id)
    {
        _hashes.Remove(id, out var hash);
        using (hash)
            return PayloadHash.FromBytes(hash!.GetHashAndReset());
    }

    /// <summary>Reads a chunk.</summary>
    public byte[] ReadChunk(PayloadId id, long offset, int length)
    {
        using var file = OpenFile(id, FileAccess.Read);
        var bytes = new byte[length];
        return RandomAccess.Read(file.SafeFileHandle, bytes, offset) == length
            ? bytes
            : throw new IOException($"The file of payload {id} was changed by another program.");
    }

    /// <summary>Removes a file, if it exists.</summary>
    public void RemoveFile(PayloadId id)
    {
        if (_hashes.Remove(id, out var hash))
            hash.Dispose();
        try
        {
            File.Delete(PathOf(id));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is removed with the directory.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var hash in _hashes.Values)
            hash.Dispose();
    }

    /// <summary>Opens a file. A symbolic link in its place is refused.</summary>
    private FileStream OpenFile(PayloadId id, FileAccess access) =>
        PrivateFile.Open(PathOf(id), new FileStreamOptions { Access = access, Share = FileShare.ReadWrite, BufferSize = 0 });

    private string PathOf(PayloadId id) => Path.Combine(directory, id.ToString());
}
