using System.Runtime.Serialization;
using System.Security.Cryptography;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Serialization;
using Actors.Messages.Storage;
using MemoryPack;

namespace Actors.Remoting.Bundles;

/// <summary>
/// Code bundles on disk, in a directory of this user alone: every content under its hash, checked before it gets that name, and every
/// bundle as a directory of copies of them. Thread-safe; several processes may share a directory.
/// </summary>
internal sealed class BundleStore
{
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
    }

    /// <summary>In the user's cache.</summary>
    public static string DefaultDirectory { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "actors");

    /// <summary>Runs an action that writes to the store.</summary>
    /// <exception cref="StorageException">The store is full, or not writable.</exception>
    public async Task<T> GuardAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write().ConfigureAwait(false);
        }
        catch (Exception exception) when (StorageDirectory.IsStorageError(exception))
        {
            throw StorageDirectory.Cache(_directory).Failure(exception, 0);
        }
    }

    /// <summary>Whether a content is here.</summary>
    public bool Has(BundleId content) => File.Exists(ContentPath(content));

    /// <summary>The contents of the manifest that are not here.</summary>
    public IReadOnlyList<BundleId> Missing(BundleManifest manifest) =>
        [.. manifest.Files.Select(file => file.Content).Distinct().Where(content => !Has(content))];

    /// <summary>The file with this content, to be read.</summary>
    /// <exception cref="BundleException">It is not here.</exception>
    public FileStream OpenContent(BundleId content)
    {
        try
        {
            return File.OpenRead(ContentPath(content));
        }
        catch (FileNotFoundException exception)
        {
            throw new BundleException($"Content {content} is not here.", exception);
        }
    }

    /// <summary>A file to write a content to; <see cref="Keep"/> it or delete it.</summary>
    public FileStream CreateTemporary() => PrivateFile.Create(Path.Combine(_contents, $".{Guid.NewGuid():N}.part"));

    /// <summary>Takes a written file in as the content that it is said to be.</summary>
    /// <exception cref="BundleException">It is something else; the file is gone.</exception>
    public void Keep(string temporaryPath, BundleId content)
    {
        BundleId found;
        using (var stream = File.OpenRead(temporaryPath))
            found = BundleId.FromHash(SHA256.HashData(stream));
        if (found == content)
        {
            File.Move(temporaryPath, ContentPath(content), overwrite: true);
            return;
        }

        File.Delete(temporaryPath);
        throw new BundleException($"What was sent as content {content} is {found}: it was refused.");
    }

    /// <summary>Remembers the manifest of a bundle whose contents are all here.</summary>
    public void KeepManifest(BundleId bundle, BundleManifest manifest)
    {
        var temporary = Path.Combine(_manifests, $".{Guid.NewGuid():N}.part");
        using (var file = PrivateFile.Create(temporary))
            file.Write(MemoryPackSerializer.Serialize(manifest));
        File.Move(temporary, Path.Combine(_manifests, bundle.ToString()), overwrite: true);
    }

    /// <summary>The manifest of a bundle; null when it is not here, or is not what its name says.</summary>
    public BundleManifest? FindManifest(BundleId bundle)
    {
        var path = Path.Combine(_manifests, bundle.ToString());
        if (!File.Exists(path))
            return null;
        var manifest = Read(path);
        return manifest is not null && manifest.Refusal() is null && manifest.ComputeId() == bundle ? manifest : null;
    }

    /// <summary>A file that a power loss left half written is as good as none: the manifest is fetched or offered again.</summary>
    private static BundleManifest? Read(string path)
    {
        try
        {
            return PackedBytes.Deserialize<BundleManifest>(File.ReadAllBytes(path));
        }
        catch (SerializationException)
        {
            return null;
        }
    }

    /// <summary>The bundle as a directory; all its contents must be here.</summary>
    public CodePaths Materialize(BundleId bundle, BundleManifest manifest)
    {
        var directory = Path.Combine(_bundles, bundle.ToString());
        if (!Directory.Exists(directory))
            CopyInto(directory, manifest);
        return new CodePaths(
            Path.Combine(directory, manifest.DepsFile), Path.Combine(directory, manifest.RuntimeConfigFile),
            Path.Combine(directory, BundleManifest.ExecutorAssembly));
    }

    private void CopyInto(string directory, BundleManifest manifest)
    {
        var temporary = PrivateDirectory.Create(Path.Combine(_bundles, $".{Guid.NewGuid():N}.part"));
        try
        {
            foreach (var file in manifest.Files)
            {
                var path = Path.Combine(temporary, file.Path);
                PrivateDirectory.Create(Path.GetDirectoryName(path)!);
                Copy(ContentPath(file.Content), path);
            }

            Directory.Move(temporary, directory);
        }
        catch (IOException) when (Directory.Exists(directory))
        {
            // Another process was faster with the same.
        }
        finally
        {
            // Moved, or of no use: a full disk must not be filled by what is left of each attempt.
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    private string ContentPath(BundleId content) => Path.Combine(_contents, content.ToString());

    private static void Copy(string from, string to)
    {
        using var source = File.OpenRead(from);
        using var copy = PrivateFile.Create(to, bufferSize: 0);
        source.CopyTo(copy);
    }
}
