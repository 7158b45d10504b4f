using System.Diagnostics;

namespace Actors.Testing.Storage;

/// <summary>A small file system in memory, unmounted on disposal. Needs root permissions.</summary>
internal sealed class SmallFileSystem : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("small-");

    /// <param name="bytes">The size, which the system rounds up to whole pages.</param>
    public SmallFileSystem(int bytes)
    {
        if (!Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "none", Path))
            throw new InvalidOperationException("Cannot mount a file system. Run the test as root.");
    }

    /// <summary>Gets the reason why no file system can be mounted; null if it is possible.</summary>
    public static string? Missing { get; } = CanMount() ? null : "The test mounts a file system, which needs root permissions.";

    public string Path => _directory.FullName;

    /// <summary>Fills the file system.</summary>
    public void Fill()
    {
        using var file = File.Create(System.IO.Path.Combine(Path, "filler"), bufferSize: 1);
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // The file system is full.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        _directory.Delete(recursive: true);
    }

    private static bool CanMount()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return false;
        try
        {
            using var tried = new SmallFileSystem(4096);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A test that mounts a file system.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute() => Skip = SmallFileSystem.Missing;
}

/// <summary>A theory that mounts file systems.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountTheoryAttribute : TheoryAttribute
{
    public MountTheoryAttribute() => Skip = SmallFileSystem.Missing;
}
