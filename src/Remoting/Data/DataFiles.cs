using System.Collections.Concurrent;
using Actors.Messages;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Data;

/// <summary>
/// The contents that peers may send and receive on the data channel. Actors grant access when a control message asks for it; a grant names
/// the address of the peer, which the connection has proven. Thread-safe.
/// </summary>
public sealed class DataFiles
{
    private readonly ConcurrentDictionary<(HostPort Peer, DataKey Key), IncomingFile> _uploads = new();
    private readonly ConcurrentDictionary<DataKey, Readable> _downloads = new();
    private volatile Func<BundleId, FileStream>? _openCode;

    /// <summary>Lets a peer upload a content.</summary>
    public void AddUpload(HostPort peer, DataKey key, IncomingFile file) => _uploads[(peer, key)] = file;

    /// <summary>Gets a content that a peer uploads; null if it may not.</summary>
    public IncomingFile? FindUpload(HostPort peer, DataKey key) => _uploads.GetValueOrDefault((peer, key));

    /// <summary>Removes and ends an upload.</summary>
    public void RemoveUpload(HostPort peer, DataKey key)
    {
        if (_uploads.TryRemove((peer, key), out var file))
            file.Dispose();
    }

    /// <summary>Lets a peer download a content.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="key">The content.</param>
    /// <param name="open">Opens the file for reading.</param>
    public void AddReader(HostPort peer, DataKey key, Func<FileStream> open) =>
        _downloads.GetOrAdd(key, _ => new Readable(open)).Peers.TryAdd(peer, true);

    /// <summary>Removes a content for all peers that may download it.</summary>
    public void RemoveReaders(DataKey key) => _downloads.TryRemove(key, out _);

    /// <summary>Lets nodes and other coordinators download the files of code whose hash they know.</summary>
    /// <param name="open">Opens a file for reading.</param>
    public void ServeCode(Func<BundleId, FileStream> open) => _openCode = open;

    /// <summary>Opens a content for a peer.</summary>
    /// <exception cref="DataRefusedException">The peer may not download the content.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public FileStream OpenDownload(LinkPeer peer, DataKey key)
    {
        if (key.Kind == DataKind.Code && _openCode is { } openCode && peer.Role is LinkRole.Node or LinkRole.Coordinator)
            return openCode(new BundleId(key.High, key.Low));

        return _downloads.TryGetValue(key, out var readable) && readable.Peers.ContainsKey(peer.Address)
            ? readable.Open()
            : throw new DataRefusedException("The content is unknown, or was removed.");
    }

    private sealed record Readable(Func<FileStream> Open)
    {
        public ConcurrentDictionary<HostPort, bool> Peers { get; } = new();
    }
}
