using Actors.Messages.Storage;

namespace Actors.Remoting.Payloads;

/// <summary>
/// A directory that only this program and user can access, for large payloads and incomplete bundles. A file beside it is locked while the
/// program uses the directory, so that the next program removes only the directories of killed programs.
/// </summary>
public sealed class PayloadDirectory : IDisposable
{
    private const string LockExtension = ".lock";

    /// <summary>How often <see cref="Dispose"/> tries, because <see cref="StartRemoving"/> may remove a part at the same time.</summary>
    private const int MaxAttempts = 5;

    private readonly FileStream _lock;

    private PayloadDirectory(FileStream held, string path) => (_lock, Path) = (held, path);

    public string Path { get; }

    /// <summary>Gets the parent of the directories of all programs that share a cache.</summary>
    public static string GetParentIn(string cache) => System.IO.Path.Combine(cache, "payloads");

    /// <summary>Creates a directory below a shared parent, after the removal of abandoned ones.</summary>
    /// <exception cref="IOException">The directory cannot be created.</exception>
    public static PayloadDirectory CreateIn(string parent)
    {
        PrivateDirectory.Create(parent);
        RemoveAbandoned(parent);
        while (true)
        {
            var path = System.IO.Path.Combine(parent, Guid.NewGuid().ToString("N"));
            try
            {
                var held = PrivateFile.Create(path + LockExtension, FileAccess.ReadWrite, FileShare.None);
                return new PayloadDirectory(held, PrivateDirectory.Create(path));
            }
            catch (IOException) when (File.Exists(path + LockExtension))
            {
                // Another program considered the file abandoned before it was locked.
            }
        }
    }

    /// <summary>Creates a directory in this directory.</summary>
    public string CreateSubdirectory(string name) => PrivateDirectory.Create(System.IO.Path.Combine(Path, name));

    /// <inheritdoc/>
    public void Dispose()
    {
        var isRemoved = false;
        for (var attempt = 1; attempt <= MaxAttempts && !isRemoved; attempt++)
            isRemoved = TryRemove(Path);
        // Other programs do not remove it while the file is locked.
        if (isRemoved)
            File.Delete(Path + LockExtension);
        _lock.Dispose();
    }

    /// <summary>Removes a directory and its contents on another thread, because a job may have created any number of files in it.</summary>
    public static void StartRemoving(string path) => Task.Run(() => TryRemove(path));

    /// <summary>Removes a directory and its contents.</summary>
    /// <returns>False if a program still writes to it. It is then removed with its parent, or by the next program.</returns>
    public static bool TryRemove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            // It does not exist, or a directory in it was removed at the same time.
            return !Directory.Exists(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes the directories of killed programs.</summary>
    public static void RemoveAbandoned(string parent)
    {
        foreach (var held in Directory.EnumerateFiles(parent, "*" + LockExtension))
        {
            try
            {
                using var opened = new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                if (TryRemove(held[..^LockExtension.Length]))
                    File.Delete(held);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The program is still running, or another program was faster.
            }
        }
    }
}
