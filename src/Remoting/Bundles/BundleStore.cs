using System.Runtime.Serialization;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Serialization;
using Actors.Messages.Storage;
using Actors.Remoting.Payloads;
using MemoryPack;

namespace Actors.Remoting.Bundles;

/// <summary>
/// Code bundles on disk, in a directory of this user alone: every content under its hash, checked before it gets that name, and every
/// bundle as a directory of copies of them. Thread-safe; several processes may share a directory.
/// </summary>
internal sealed class BundleStore
{
    /// <summary>How many GiB a coordinator stores by default.</summary>
    public const int DefaultGibibytes = 16;

    private const long MinCharge = 64 << 10;

    /// <summary>A manifest of 4096 paths is smaller.</summary>
    private const int MaxManifestLength = 16 << 20;

    private readonly string _directory;
    private readonly string _contents;
    private readonly string _bundles;
    private readonly string _manifests;

    public BundleStore(string directory)
    {
        _directory = PrivateDirectory.Create(directory);
        _contents = PrivateDirectory.Create(Path.Combine(_directory, "contents"));
        _bundles = PrivateDirectory.Create(Path.Combine(_directory, "bundles"));
        _manifests = PrivateDirectory.Create(Path.Combine(_directory, "manifests"));
        ContentDraft.RemoveAbandoned(_contents);
        ContentDraft.RemoveAbandoned(_manifests);
        PayloadDirectory.RemoveAbandoned(_bundles);
    }

    /// <summary>How many bytes of contents and manifests a coordinator stores at most.</summary>
    public long Space { get; init; } = (long)DefaultGibibytes << 30;

    /// <summary>In the user's cache.</summary>
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
    /// Whether a content is here, with this length if one is given. A symbolic link does not count. A file of another length does not either:
    /// a power loss may have cut it, or a manifest may name a small length for a large file, to fill the disks of nodes with copies.
    /// </summary>
    public bool HasContent(BundleId content, long? length = null) =>
        new FileInfo(ContentPath(content)) is { Exists: true, LinkTarget: null } file && file.Length == (length ?? file.Length);

    /// <summary>The contents of the manifest that are not here.</summary>
    public IReadOnlySet<BundleId> FindMissing(BundleManifest manifest) =>
        manifest.Files.Where(file => !HasContent(file.Content, file.Length)).Select(file => file.Content).ToHashSet();

    /// <summary>The bytes that a file counts as: a small one counts as more, which limits the number of files as well.</summary>
    public static long GetCharge(long length) => Math.Max(length, MinCharge);

    /// <summary>Measures the bytes that all contents and manifests count as.</summary>
    public long MeasureUsed() => new[] { _contents, _manifests }.SelectMany(directory => new DirectoryInfo(directory).EnumerateFiles())
        .Sum(file => file.Exists ? GetCharge(file.Length) : 0);

    /// <summary>The file with this content, to be read.</summary>
    /// <exception cref="BundleException">It is not here.</exception>
    public FileStream OpenContent(BundleId content)
    {
        try
        {
            return OpenPrivate(ContentPath(content));
        }
        catch (FileNotFoundException exception)
        {
            throw new BundleException($"Content {content} is not here.", exception);
        }
    }

    /// <summary>Begins a content; dispose it in any case.</summary>
    public ContentDraft CreateDraft() => new(_contents);

    /// <summary>Remembers the manifest of a bundle whose contents are all here.</summary>
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

    /// <summary>The manifest of a bundle; null when it is not here, or is not what its name says.</summary>
    public BundleManifest? FindManifest(BundleId bundle)
    {
        var path = Path.Combine(_manifests, bundle.ToString());
        if (!File.Exists(path))
            return null;
        var manifest = ReadManifest(path);
        return manifest is not null && manifest.FindProblem() is null && manifest.ComputeId() == bundle ? manifest : null;
    }

    /// <summary>Null for a file that a power loss has cut, or a symbolic link: the next manifest replaces it.</summary>
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

    /// <summary>The bundle as a directory; all its contents must be here.</summary>
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
        // Removed in any case: a full disk must not be filled by the left-overs of each attempt.
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
            // Another process was faster with the same.
        }
    }

    private string ContentPath(BundleId content) => Path.Combine(_contents, content.ToString());

    /// <summary>A symbolic link is refused.</summary>
    private static FileStream OpenPrivate(string path) =>
        PrivateFile.Open(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete });

    private static void CopyFile(string from, string to)
    {
        using var source = OpenPrivate(from);
        using var copy = PrivateFile.Create(to, bufferSize: 0);
        source.CopyTo(copy);
    }
}
