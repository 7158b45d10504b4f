namespace Actors.Messages.Storage;

/// <summary>
/// Manages shared memory that must not outlive this process: the arrays of its managers. The process keeps a lock file next to it. The
/// system releases the lock when the process ends for any reason. Locks also work across containers that share the directory, whose process
/// ids are unrelated. Thread-safe.
/// </summary>
public static class OwnedMemory
{
    /// <summary>The prefix of all files of shared memory.</summary>
    public const string FilePrefix = "actors-shm-";

    private const string LockPrefix = "actors-owner-";
    private const int MaxAttempts = 5;

    private static readonly Lock Access = new();
    private static (string Owner, StorageDirectory Directory, FileStream Lock)? _own;
    private static int _count;
    private static int _requestedRemovals;

    /// <summary>Gets the name of a new block that is removed when this process ends.</summary>
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

    /// <summary>Removes the blocks of this process. Call it at the end of the process, because later blocks would remain.</summary>
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

    /// <summary>Removes the blocks of killed processes.</summary>
    public static void RemoveAbandoned()
    {
        var directory = StorageDirectory.SharedMemory.Path;
        IgnoreStorageErrors(() =>
        {
            foreach (var path in Directory.EnumerateFiles(directory, LockPrefix + "*"))
            {
                // Another user can create any number of files there, and exceptions for them would take seconds.
                if (UnixEntry.FromPath(path) is not { } entry || (entry.IsFile && entry.Owner == UnixEntry.User))
                    IgnoreStorageErrors(() => RemoveUnlessAlive(directory, path));
            }
        });
    }

    /// <summary>
    /// Removes the blocks of killed processes on another thread. One removal runs at a time, and another one follows for processes that end
    /// meanwhile.
    /// </summary>
    public static void StartRemovingAbandoned()
    {
        if (Interlocked.Increment(ref _requestedRemovals) == 1)
            Task.Run(RemoveWhileRequested);
    }

    private static void RemoveWhileRequested()
    {
        int handled;
        do
        {
            handled = Volatile.Read(ref _requestedRemovals);
            RemoveAbandoned();
        }
        while (Interlocked.Add(ref _requestedRemovals, -handled) > 0);
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
                // Another process may have removed it as abandoned.
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

    /// <summary>
    /// Whether the file system supports locks. Some do not, and .NET can be configured not to use them. Then a free lock does not prove
    /// that its owner has ended.
    /// </summary>
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

    /// <summary>Removes the lock file last, because the next process finds the remaining blocks by it.</summary>
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
            // The file belongs to another user, or another process has removed it.
        }
    }
}
