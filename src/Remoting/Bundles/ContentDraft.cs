using System.Security.Cryptography;
using Actors.Messages;
using Actors.Messages.Storage;

namespace Actors.Remoting.Bundles;

/// <summary>
/// A content that is still being received. Disposing it removes the file unless it was saved. The file is locked while it is open, so that
/// <see cref="RemoveAbandoned"/> removes only the files of killed programs.
/// </summary>
internal sealed class ContentDraft : IDisposable
{
    private const string FileExtension = ".part";

    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly string _directory;

    /// <param name="directory">The directory of the contents.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public ContentDraft(string directory)
    {
        _directory = directory;
        _file = PrivateFile.Create(Path.Combine(directory, $".{Guid.NewGuid():N}{FileExtension}"), bufferSize: 0);
    }

    /// <summary>The number of received bytes.</summary>
    public long Length => _file.Position;

    /// <summary>Appends the next part.</summary>
    public void AppendBytes(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes);
        _hash.AppendData(bytes);
    }

    /// <summary>Verifies the hash, and gives the file the name of its content. Call it once.</summary>
    /// <exception cref="BundleException">The received bytes have another hash.</exception>
    public void SaveAs(BundleId content)
    {
        var found = BundleId.FromHash(_hash.GetHashAndReset());
        if (found != content)
            throw new BundleException($"The bytes that were sent as content {content} have the hash {found}. They were refused.");
        File.Move(_file.Name, Path.Combine(_directory, content.ToString()), overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(_file.Name);
        _file.Dispose();
        _hash.Dispose();
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
