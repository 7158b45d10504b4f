using System.Runtime.Serialization;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Serialization;
using Actors.Messages.Storage;
using Actors.Remoting.Payloads;
using MemoryPack;

namespace Actors.Remoting.Bundles;

/// <summary>
/// Stores code bundles on disk, in a directory that only this user can access. Each content is a file whose name is its hash; the hash is
/// verified before the file gets that name. Each bundle is a directory with copies of its contents. Thread-safe. Several processes may
/// share a directory.
/// </summary>
public sealed partial class BundleStore
{
    /// <summary>The default limit, in GiB.</summary>
    public const int DefaultGibibytes = 16;

    private const long MinCharge = 64 << 10;

    /// <summary>The largest manifest. A manifest of 4096 paths is smaller.</summary>
    private const int MaxManifestLength = 16 << 20;

    private readonly string _directory;
    private readonly string _contents;
    private readonly string _bundles;
    private readonly string _manifests;
    private readonly string _uses;

    public BundleStore(string directory)
    {
        _directory = PrivateDirectory.Create(directory);
        _contents = PrivateDirectory.Create(Path.Combine(_directory, "contents"));
        _bundles = PrivateDirectory.Create(Path.Combine(_directory, "bundles"));
        _manifests = PrivateDirectory.Create(Path.Combine(_directory, "manifests"));
        _uses = PrivateDirectory.Create(Path.Combine(_directory, "uses"));
        ContentDraft.RemoveAbandoned(_contents);
        ContentDraft.RemoveAbandoned(_manifests);
        PayloadDirectory.RemoveAbandoned(_bundles);
    }

    /// <summary>The limit of the bytes of contents and manifests. Above it, bundles that no program uses are removed.</summary>
    public long Space { get; init; } = (long)DefaultGibibytes << 30;

    /// <summary>The directory in the cache of the user.</summary>
    public static string DefaultDirectory { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "actors");

    /// <summary>Runs an action that writes to the store.</summary>
    /// <exception cref="StorageException">The store is full, or not writable.</exception>
    public async Task<T> RunWriteAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write().ConfigureAwait(false);
        }
        catch (Exception exception) when (StorageDirectory.IsStorageError(exception))
        {
            throw StorageDirectory.ForCache(_directory).CreateException(exception, 0);
        }
    }

    /// <summary>
    /// Whether a content is stored, with this length if one is given. A symbolic link does not count. A file of another length does not
    /// count either: a power failure may have truncated it, or a manifest may name a small length for a large file, so that copies of it
    /// fill the disks of nodes.
    /// </summary>
    public bool HasContent(BundleId content, long? length = null) =>
        new FileInfo(ContentPath(content)) is { Exists: true, LinkTarget: null } file && file.Length == (length ?? file.Length);

    /// <summary>Finds the contents of a manifest that are not stored.</summary>
    public IReadOnlySet<BundleId> FindMissing(BundleManifest manifest) =>
        manifest.Files.Where(file => !HasContent(file.Content, file.Length)).Select(file => file.Content).ToHashSet();

    /// <summary>Gets the bytes that a file counts as. A small file counts as more, which limits the number of files as well.</summary>
    public static long GetCharge(long length) => Math.Max(length, MinCharge);

    /// <summary>Measures the bytes that all contents and manifests count as.</summary>
    public long MeasureUsed() => new[] { _contents, _manifests }.SelectMany(directory => new DirectoryInfo(directory).EnumerateFiles())
        .Sum(file => file.Exists ? GetCharge(file.Length) : 0);

    /// <summary>Opens a content for reading.</summary>
    /// <exception cref="BundleException">The content is not stored.</exception>
    public FileStream OpenContent(BundleId content)
    {
        try
        {
            return OpenPrivate(ContentPath(content));
        }
        catch (FileNotFoundException exception)
        {
            throw new BundleException($"Content {content} is not stored here.", exception);
        }
    }

    /// <summary>Creates a draft for a new content. The caller must dispose it.</summary>
    public ContentDraft CreateDraft() => new(this, _contents);

    /// <summary>Creates a directory for the contents that clients upload to this program. The caller must dispose it.</summary>
    public PayloadDirectory CreateUploadDirectory() => PayloadDirectory.CreateIn(Path.Combine(_directory, "uploads"));

    /// <summary>Verifies the hash of a complete file, and moves it into the store.</summary>
    /// <param name="path">The file, in a directory of the store.</param>
    /// <param name="content">The content that it must be.</param>
    /// <param name="sha256">The SHA-256 of its bytes.</param>
    /// <exception cref="BundleException">The bytes have another hash.</exception>
    public void AddContent(string path, BundleId content, ReadOnlySpan<byte> sha256)
    {
        var found = BundleId.FromHash(sha256);
        if (found != content)
            throw new BundleException($"The bytes that were sent as content {content} have the hash {found}. They were refused.");
        File.Move(path, ContentPath(content), overwrite: true);
    }

    /// <summary>Stores the manifest of a bundle whose contents are all stored.</summary>
    public void SaveManifest(BundleId bundle, BundleManifest manifest)
    {
        var draft = PrivateFile.Create(Path.Combine(_manifests, $".{Guid.NewGuid():N}.part"));
        try
        {
            using (draft)
                draft.Write(MemoryPackSerializer.Serialize(manifest));
            File.Move(draft.Name, Path.Combine(_manifests, bundle.ToString()), overwrite: true);
        }
        finally
        {
            File.Delete(draft.Name);
        }
    }

    /// <summary>Reads the manifest of a bundle; null if it is missing or damaged.</summary>
    public BundleManifest? FindManifest(BundleId bundle)
    {
        var path = Path.Combine(_manifests, bundle.ToString());
        if (!File.Exists(path))
            return null;
        var manifest = ReadManifest(path);
        return manifest is not null && manifest.FindProblem() is null && manifest.ComputeId() == bundle ? manifest : null;
    }

    /// <summary>Reads a manifest; null for a truncated file or a symbolic link, which the next manifest replaces.</summary>
    private static BundleManifest? ReadManifest(string path)
    {
        try
        {
            using var file = OpenPrivate(path);
            if (file.Length > MaxManifestLength)
                return null;
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return PackedBytes.DeserializeContract<BundleManifest>(bytes);
        }
        catch (Exception exception) when (exception is SerializationException || StorageDirectory.IsStorageError(exception))
        {
            return null;
        }
    }

    /// <summary>Creates the directory of a bundle unless it exists. All contents must be stored.</summary>
    public CodePaths MaterializeBundle(BundleId bundle, BundleManifest manifest)
    {
        var directory = Path.Combine(_bundles, bundle.ToString());
        var entry = new DirectoryInfo(directory);
        if (entry.LinkTarget is not null)
            throw new BundleException($"{directory} is a symbolic link and not the directory of the bundle: remove it.");
        if (!entry.Exists)
            CopyInto(directory, manifest);
        return new CodePaths(
            Path.Combine(directory, manifest.DepsFile), Path.Combine(directory, manifest.RuntimeConfigFile),
            Path.Combine(directory, BundleManifest.ExecutorAssembly));
    }

    private void CopyInto(string directory, BundleManifest manifest)
    {
        // Always removed: the remains of failed attempts must not fill the disk.
        using var draft = PayloadDirectory.CreateIn(_bundles);
        try
        {
            foreach (var file in manifest.Files)
            {
                var path = Path.Combine(draft.Path, file.Path);
                PrivateDirectory.Create(Path.GetDirectoryName(path)!);
                CopyFile(ContentPath(file.Content), path);
            }

            Directory.Move(draft.Path, directory);
        }
        catch (IOException) when (Directory.Exists(directory))
        {
            // Another process has created the same directory.
        }
    }

    private string ContentPath(BundleId content) => Path.Combine(_contents, content.ToString());

    /// <summary>Opens a file for reading, and refuses a symbolic link.</summary>
    private static FileStream OpenPrivate(string path) =>
        PrivateFile.Open(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete });

    private static void CopyFile(string from, string to)
    {
        using var source = OpenPrivate(from);
        using var copy = PrivateFile.Create(to, bufferSize: 0);
        source.CopyTo(copy);
    }
}
