using Actors.Messages.Payloads;
using Actors.Messages.Storage;
using Actors.Remoting;
using Actors.Remoting.Data;

namespace Actors.Coordinator.Payloads;

/// <summary>
/// Stores payloads on disk, each in a file named by its id, and lets peers transfer them on the data port. No payload stays in memory.
/// </summary>
/// <param name="directory">The directory of the files.</param>
/// <param name="files">The contents of the data port.</param>
public sealed class PayloadFiles(string directory, DataFiles files)
{
    private readonly Dictionary<PayloadId, HostPort> _uploads = [];

    /// <summary>Creates an empty file, and lets a peer upload its contents.</summary>
    public void CreateFile(PayloadId id, long length, HostPort sender)
    {
        PrivateFile.Create(PathOf(id)).Dispose();
        _uploads.Add(id, sender);
        files.AddUpload(sender, DataKey.ForPayload(id), new IncomingFile(DataKind.Payload, length, () => OpenFile(id, FileAccess.Write)));
    }

    /// <summary>Gets the number of bytes of an upload that have arrived.</summary>
    public long GetReceived(PayloadId id) => FindUpload(id)?.Received ?? 0;

    /// <summary>Ends a complete upload.</summary>
    /// <returns>The hash of the content; null if it is not complete.</returns>
    public PayloadHash? CompleteFile(PayloadId id)
    {
        var hash = FindUpload(id)?.Hash;
        RemoveUpload(id);
        return hash is null ? null : PayloadHash.FromBytes(hash);
    }

    /// <summary>Lets a peer download a file.</summary>
    public void AddReader(PayloadId id, HostPort reader) =>
        files.AddReader(reader, DataKey.ForPayload(id), () => OpenFile(id, FileAccess.Read));

    /// <summary>Removes a file, if it exists, and ends its transfers.</summary>
    public void RemoveFile(PayloadId id)
    {
        RemoveUpload(id);
        files.RemoveReaders(DataKey.ForPayload(id));
        try
        {
            File.Delete(PathOf(id));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is removed with the directory.
        }
    }

    private IncomingFile? FindUpload(PayloadId id) =>
        _uploads.TryGetValue(id, out var sender) ? files.FindUpload(sender, DataKey.ForPayload(id)) : null;

    private void RemoveUpload(PayloadId id)
    {
        if (_uploads.Remove(id, out var sender))
            files.RemoveUpload(sender, DataKey.ForPayload(id));
    }

    /// <summary>Opens a file. A symbolic link in its place is refused.</summary>
    private FileStream OpenFile(PayloadId id, FileAccess access) => PrivateFile.Open(
        PathOf(id), new FileStreamOptions { Access = access, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });

    private string PathOf(PayloadId id) => Path.Combine(directory, id.ToString());
}
