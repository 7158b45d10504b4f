using System.Globalization;
using Actors.Messages;
using Actors.Messages.Storage;
using Actors.Remoting.Payloads;

namespace Actors.Remoting.Bundles;

/// <summary>
/// Removes bundles that no program has used for the longest time, when the store is full. A program that uses a bundle holds a shared lock
/// of a file, and the lock ends with the program, even if it is killed. So several coordinators and nodes can share a store.
/// </summary>
public sealed partial class BundleStore
{
    /// <summary>Protects a bundle from removal until the caller disposes the result, and records the time of the use.</summary>
    /// <returns>Null while another program removes the bundle.</returns>
    public IDisposable? TryUseBundle(BundleId bundle)
    {
        var path = UsePath(bundle);
        try
        {
            if (!File.Exists(path))
                PrivateFile.Create(path).Dispose();
            var use = PrivateFile.Open(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0 });
            // A clock that is set changes only which bundle is removed first.
            File.SetLastWriteTimeUtc(use.SafeFileHandle, TimeProvider.System.GetUtcNow().UtcDateTime);
            if (File.Exists(path))
                return use;
            use.Dispose();
            return null;
        }
        catch (IOException exception) when (exception is not StorageException)
        {
            // Another program is creating the file, or has locked it to remove the bundle.
            return null;
        }
    }

    /// <summary>Removes unused bundles until there is room, or no further one can be removed.</summary>
    /// <param name="needed">The bytes that are needed, as <see cref="GetCharge"/> counts them.</param>
    /// <param name="retained">The contents that must stay.</param>
    public void FreeSpace(long needed, IReadOnlyCollection<BundleId> retained)
    {
        if (MeasureUsed() + needed <= Space)
            return;
        var state = new EvictionState(FindStored(), retained);
        while (MeasureUsed() + needed > Space && state.TakeNext() is { } oldest)
            RemoveUnlessUsed(oldest, state);
    }

    private List<StoredBundle> FindStored()
    {
        var stored = new List<StoredBundle>();
        foreach (var file in new DirectoryInfo(_manifests).EnumerateFiles())
        {
            if (ParseId(file.Name) is not { } id || FindManifest(id) is not { } manifest)
                continue;
            var use = new FileInfo(UsePath(id));
            stored.Add(new StoredBundle(
                id, (use.Exists ? use : file).LastWriteTimeUtc.Ticks, manifest.Files.Select(part => part.Content).ToHashSet()));
        }

        return stored;
    }

    private void RemoveUnlessUsed(StoredBundle stored, EvictionState state)
    {
        try
        {
            if (!File.Exists(UsePath(stored.Bundle)))
                PrivateFile.Create(UsePath(stored.Bundle)).Dispose();
            using var exclusive = PrivateFile.Open(
                UsePath(stored.Bundle), new FileStreamOptions { Access = FileAccess.ReadWrite, Share = FileShare.None });
            File.Delete(Path.Combine(_manifests, stored.Bundle.ToString()));
            PayloadDirectory.TryRemove(Path.Combine(_bundles, stored.Bundle.ToString()));
            foreach (var content in state.RemoveBundle(stored))
                File.Delete(ContentPath(content));
            // Before the lock ends: a program that waits for it finds no file, and creates another.
            File.Delete(UsePath(stored.Bundle));
        }
        catch (IOException)
        {
            // A program uses the bundle.
        }
    }

    /// <summary>Parses the name of a manifest. Null for another file, such as one that is being written.</summary>
    private static BundleId? ParseId(string name) =>
        name.Length == 64 && UInt128.TryParse(name[..32], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            && UInt128.TryParse(name[32..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low)
                ? new BundleId(high, low)
                : null;

    private string UsePath(BundleId bundle) => Path.Combine(_uses, bundle.ToString());
}
