namespace Actors.Messages.Storage;

/// <summary>
/// Shared memory that must not outlive this process: the arrays of its managers. The process keeps a file beside them locked. The system
/// releases the lock however the process ends, and it holds across containers that share the directory, where process ids mean nothing.
/// Thread-safe.
/// </summary>
internal static class OwnedMemory
{
    /// <summary>How the names of all files of shared memory begin.</summary>
    public const string FilePrefix = "actors-shm-";

    private const string LockPrefix = "actors-owner-";
    private const int MaxAttempts = 5;

    private static readonly Lock Access = new();
    private static (string Owner, StorageDirectory Directory, FileStream Lock)? _own;
    private static int _count;

    /// <summary>A name for a new block that is removed with this process.</summary>
    /// <exception cref="StorageException">The directory of shared memory cannot be used.</exception>
    public static string NewName()
    {
        lock (Access)
        {
            if (_own is null)
            {
                _own = ClaimOwner(StorageDirectory.SharedMemory);
                AppDomain.CurrentDomain.ProcessExit += (_, _) => RemoveOwn();
            }

            return $"{_own.Value.Owner}-{++_count}";
        }
    }

    /// <summary>Removes what this process owns. For its end: what it creates later would stay.</summary>
    public static void RemoveOwn()
    {
        lock (Access)
        {
            if (_own is not { } own)
                return;
            RemoveBlocks(own.Directory.Path, own.Owner);
            own.Lock.Dispose();
            _own = null;
        }
    }

    /// <summary>Removes what processes that have been killed owned.</summary>
    public static void RemoveAbandoned()
    {
        var directory = StorageDirectory.SharedMemory.Path;
        IgnoreStorageErrors(() =>
        {
            foreach (var path in Directory.EnumerateFiles(directory, LockPrefix + "*"))
                IgnoreStorageErrors(() => RemoveUnlessAlive(directory, path));
        });
    }

    private static (string Owner, StorageDirectory Directory, FileStream Lock) ClaimOwner(StorageDirectory directory)
    {
        for (var attempt = 1; ; attempt++)
        {
            var owner = $"{Environment.ProcessId}-{Guid.NewGuid():N}";
            try
            {
                return (
                    owner, directory, PrivateFile.Create(
                        Path.Combine(directory.Path, LockPrefix + owner), FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
            }
            catch (IOException) when (attempt < MaxAttempts)
            {
                // Another process may have taken it for one that was left.
            }
            catch (Exception exception) when (StorageDirectory.IsStorageError(exception))
            {
                throw directory.CreateException(exception, 0);
            }
        }
    }

    private static void RemoveUnlessAlive(string directory, string path)
    {
        using var held = OpenLock(path);
        if (AreLocksEffective(path))
            RemoveBlocks(directory, Path.GetFileName(path)[LockPrefix.Length..]);
    }

    /// <summary>Some file systems have no locks, and .NET can be told not to use them: then a free lock says nothing about its owner.</summary>
    private static bool AreLocksEffective(string heldPath)
    {
        try
        {
            OpenLock(heldPath).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>The lock goes last: until then the next process finds what is left.</summary>
    private static void RemoveBlocks(string directory, string owner)
    {
        foreach (var block in Directory.EnumerateFiles(directory, $"{FilePrefix}{owner}-*"))
            IgnoreStorageErrors(() => File.Delete(block));
        IgnoreStorageErrors(() => File.Delete(Path.Combine(directory, LockPrefix + owner)));
    }

    private static FileStream OpenLock(string path) =>
        PrivateFile.Open(path, new FileStreamOptions { Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 });

    private static void IgnoreStorageErrors(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (StorageDirectory.IsStorageError(exception))
        {
            // Another user's, or another process was faster.
        }
    }
}
