using System.Security.Cryptography;
using Actors.Messages.Payloads;
using Actors.Messages.Storage;

namespace Actors.Coordinator.Payloads;

/// <summary>Payloads on disk, each a file that is named by its id. Nothing of a payload stays in memory, and no file stays open.</summary>
internal sealed class PayloadFiles(string directory) : IDisposable
{
    private readonly Dictionary<PayloadId, IncrementalHash> _hashes = [];

    /// <summary>Begins an empty one.</summary>
    public void CreateFile(PayloadId id)
    {
        PrivateFile.Create(PathOf(id)).Dispose();
        _hashes.Add(id, IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
    }

    /// <summary>Adds the next part.</summary>
    public void WriteChunk(PayloadId id, long offset, ReadOnlySpan<byte> bytes)
    {
        using var file = OpenFile(id, FileAccess.Write);
        RandomAccess.Write(file.SafeFileHandle, bytes, offset);
        _hashes[id].AppendData(bytes);
    }

    /// <summary>All parts are there.</summary>
    /// <returns>What they are.</returns>
    public PayloadHash CompleteFile(PayloadId id)
    {
        _hashes.Remove(id, out var hash);
        using (hash)
            return PayloadHash.FromBytes(hash!.GetHashAndReset());
    }

    /// <summary>A part of it.</summary>
    public byte[] ReadChunk(PayloadId id, long offset, int length)
    {
        using var file = OpenFile(id, FileAccess.Read);
        var bytes = new byte[length];
        return RandomAccess.Read(file.SafeFileHandle, bytes, offset) == length ? bytes : throw new IOException($"The file of payload {id} was changed.");
    }

    /// <summary>Removes it; nothing when it is not there.</summary>
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
            // It goes with the directory.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var hash in _hashes.Values)
            hash.Dispose();
    }

    /// <summary>A symbolic link in its place is refused.</summary>
    private FileStream OpenFile(PayloadId id, FileAccess access) =>
        PrivateFile.Open(PathOf(id), new FileStreamOptions { Access = access, Share = FileShare.ReadWrite, BufferSize = 0 });

    private string PathOf(PayloadId id) => Path.Combine(directory, id.ToString());
}
