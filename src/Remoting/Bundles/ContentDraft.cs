using Actors.Messages;
using Actors.Messages.Storage;

namespace Actors.Remoting.Bundles;

/// <summary>
/// A content that is still being received. Disposing it removes the file unless it was saved. The file is locked while it is open, so that
/// <see cref="RemoveAbandoned"/> removes only the files of killed programs.
/// </summary>
public sealed class ContentDraft : IDisposable
{
    private const string FileExtension = ".part";

    private readonly FileStream _file;
    private readonly BundleStore _store;

    /// <param name="store">The store.</param>
    /// <param name="directory">The directory of its contents.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public ContentDraft(BundleStore store, string directory)
    {
        _store = store;
        _file = PrivateFile.Create(Path.Combine(directory, $".{Guid.NewGuid():N}{FileExtension}"), bufferSize: 0);
    }

    /// <summary>Receives the bytes.</summary>
    public Stream Stream => _file;

    /// <summary>Verifies the hash, and gives the file the name of its content. Call it once.</summary>
    /// <param name="content">The content.</param>
    /// <param name="sha256">The SHA-256 of the received bytes.</param>
    /// <exception cref="BundleException">The received bytes have another hash.</exception>
    public void SaveAs(BundleId content, byte[] sha256) => _store.AddContent(_file.Name, content, sha256);

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(_file.Name);
        _file.Dispose();
    }

    /// <summary>Removes the drafts of killed programs.</summary>
    public static void RemoveAbandoned(string directory)
    {
        foreach (var path in Directory.EnumerateFiles(directory, ".*" + FileExtension))
        {
            try
            {
                using var left = PrivateFile.Open(path, new FileStreamOptions { Access = FileAccess.ReadWrite, Share = FileShare.None });
                File.Delete(path);
            }
            catch (Exception exception) when (StorageDirectory.IsStorageError(exception))
            {
                // The program is still running, or another program was faster.
            }
        }
    }
}
