using Actors.Messages.Storage;

namespace Actors.Remoting.Payloads;

/// <summary>
/// A directory of this program and user alone, for large payloads and for bundles that are not complete. Beside it lies a file that is
/// locked while the program uses the directory, so that the next program removes the directories of killed ones, and no others.
/// </summary>
internal sealed class PayloadDirectory : IDisposable
{
    private const string LockExtension = ".lock";

    private readonly FileStream _lock;

    private PayloadDirectory(FileStream held, string path) => (_lock, Path) = (held, path);

    public string Path { get; }

    /// <summary>Where those of all programs lie that share a cache.</summary>
    public static string GetParentIn(string cache) => System.IO.Path.Combine(cache, "payloads");

    /// <summary>Makes it below a directory that others share, whose left-overs are removed first.</summary>
    /// <exception cref="IOException">It cannot be made there.</exception>
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
                // Another program took the file for a left one before it was locked.
            }
        }
    }

    /// <summary>A directory within it.</summary>
    public string CreateSubdirectory(string name) => PrivateDirectory.Create(System.IO.Path.Combine(Path, name));

    /// <inheritdoc/>
    public void Dispose()
    {
        // While it is locked, nobody else removes it.
        if (TryRemove(Path))
            File.Delete(Path + LockExtension);
        _lock.Dispose();
    }

    /// <summary>Removes a directory with all that is in it.</summary>
    /// <returns>Whether it is gone; one that somebody still writes to goes with the directory around it, or by the next program.</returns>
    public static bool TryRemove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes the directories that killed programs have left.</summary>
    public static void RemoveAbandoned(string parent)
    {
        foreach (var held in Directory.EnumerateFiles(parent, "*" + LockExtension))
        {
            try
            {
                using var taken = new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                if (TryRemove(held[..^LockExtension.Length]))
                    File.Delete(held);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Its program lives, or another was faster.
            }
        }
    }
}
