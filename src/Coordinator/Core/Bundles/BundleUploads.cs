using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Storage;
using Actors.Remoting;
using Actors.Remoting.Bundles;
using Actors.Remoting.Data;
using Actors.Remoting.Payloads;

namespace Actors.Coordinator.Bundles;

/// <summary>
/// The contents that clients may upload on the data port. Each arrives in a file of its own, and is moved into the store when it is
/// complete. Disposing it removes the files.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="files">The contents of the data port.</param>
public sealed class BundleUploads(BundleStore store, DataFiles files) : IDisposable
{
    private readonly Dictionary<HostPort, Dictionary<BundleId, Upload>> _clients = [];
    private PayloadDirectory? _directory;
    private long _created;

    /// <summary>Lets a client upload a content. An upload that has begun continues.</summary>
    /// <param name="client">The client.</param>
    /// <param name="file">The content and its length.</param>
    /// <exception cref="IOException">The directory of the uploads cannot be created.</exception>
    public void AddUpload(HostPort client, BundleFile file)
    {
        if (FindUpload(client, file.Content) is { File.CanContinue: true } begun && begun.File.Length == file.Length)
            return;
        RemoveUpload(client, file.Content);
        _directory ??= store.CreateUploadDirectory();
        var path = Path.Combine(_directory.Path, $"{_created++}");
        var upload = new Upload(path, new IncomingFile(DataKind.Code, file.Length, () => OpenFile(path)));
        if (!_clients.TryGetValue(client, out var uploads))
            _clients[client] = uploads = [];
        uploads.Add(file.Content, upload);
        files.AddUpload(client, DataKey.ForCode(file.Content), upload.File);
    }

    /// <summary>Gets the length of a content that a client has uploaded completely; null for another content.</summary>
    public long? FindCompleteLength(HostPort client, BundleId content) =>
        FindUpload(client, content) is { File.Hash: not null } upload ? upload.File.Length : null;

    /// <summary>Stores a content that a client has uploaded completely.</summary>
    /// <exception cref="BundleException">The bytes have another hash.</exception>
    /// <exception cref="IOException">The file cannot be moved.</exception>
    public void StoreContent(HostPort client, BundleId content)
    {
        if (FindUpload(client, content) is { File.Hash: { } hash } upload)
            store.AddContent(upload.Path, content, hash);
    }

    /// <summary>Gets the number of bytes that a client has uploaded and that are not stored yet.</summary>
    public long GetReceived(HostPort client) =>
        _clients.TryGetValue(client, out var uploads) ? uploads.Values.Sum(upload => upload.File.Received) : 0;

    /// <summary>Removes the uploads of a client, except those of some contents.</summary>
    public void RemoveOthers(HostPort client, IReadOnlySet<BundleId> retained)
    {
        foreach (var content in _clients.GetValueOrDefault(client)?.Keys.Where(content => !retained.Contains(content)).ToList() ?? [])
            RemoveUpload(client, content);
    }

    /// <summary>Ends the upload of a content and removes its file, if any.</summary>
    public void RemoveUpload(HostPort client, BundleId content)
    {
        if (!_clients.TryGetValue(client, out var uploads) || !uploads.Remove(content, out var upload))
            return;
        if (uploads.Count == 0)
            _clients.Remove(client);
        files.RemoveUpload(client, DataKey.ForCode(content));
        File.Delete(upload.Path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Keys.ToList())
            RemoveOthers(client, new HashSet<BundleId>());
        _directory?.Dispose();
    }

    private Upload? FindUpload(HostPort client, BundleId content) =>
        _clients.TryGetValue(client, out var uploads) ? uploads.GetValueOrDefault(content) : null;

    /// <summary>Opens the file of an upload; creates it for the first connection.</summary>
    private static FileStream OpenFile(string path) => File.Exists(path)
        ? PrivateFile.Open(
            path,
            new FileStreamOptions { Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 })
        : PrivateFile.Create(path, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private sealed record Upload(string Path, IncomingFile File);
}
