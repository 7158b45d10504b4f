namespace Actors.Faults.Tests.Primitives;

/// <summary>A small file system in memory that can be filled and freed. Unmounted on disposal.</summary>
internal sealed class FullDisk : IDisposable
{
    private readonly DirectoryInfo _mount = Directory.CreateTempSubdirectory("full-");

    /// <param name="megabytes">The size.</param>
    public FullDisk(int megabytes) => Command.Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700", "none", Path);

    public string Path => _mount.FullName;

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Fails if this machine has no such file systems.</summary>
    public static void Probe()
    {
        using var disk = new FullDisk(1);
        disk.Fill();
    }

    /// <summary>Takes all free space.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 1);
        var page = new byte[4096];
        try
        {
            while (true)
                file.Write(page);
        }
        catch (IOException)
        {
            // The file system is full.
        }
    }

    /// <summary>Returns the space that <see cref="Fill"/> has taken.</summary>
    public void Free() => File.Delete(Filler);

    /// <inheritdoc/>
    public void Dispose()
    {
        Command.TryRun("umount", "--lazy", Path);
        _mount.Delete(recursive: true);
    }
}
