using System.Runtime.InteropServices;

namespace Actors.Faults.Tests.Primitives;

/// <summary>
/// An ext4 file system in a file. It can be frozen, become not writable, or lose its power: then everything that was not
/// synchronized is lost. Unmounted on disposal.
/// </summary>
internal sealed partial class LoopDisk : IDisposable
{
    private const int ReadOnlyFlag = 0;

    /// <summary>The call EXT4_IOC_SHUTDOWN.</summary>
    private const nuint ShutDown = 0x8004587D;

    /// <summary>Without writing the file system's own journal, as a power failure.</summary>
    private const uint WithoutJournal = 2;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("loop-");
    private bool _isFrozen;

    /// <param name="megabytes">The size.</param>
    public LoopDisk(int megabytes)
    {
        Directory.CreateDirectory(Path);
        using (var image = File.Create(Image))
            image.SetLength((long)megabytes << 20);
        try
        {
            Command.Run("mkfs.ext4", "-q", "-F", Image);
            Mount();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The directory on which it is mounted.</summary>
    public string Path => System.IO.Path.Combine(_directory.FullName, "disk");

    private string Image => System.IO.Path.Combine(_directory.FullName, "image");

    /// <summary>Fails if this machine has no such file systems.</summary>
    public static void Probe()
    {
        using var disk = new LoopDisk(8);
        disk.Freeze();
        disk.Thaw();
        disk.CutPower();
        disk.Remount();
        disk.MakeReadOnly();
        disk.Remount();
    }

    /// <summary>Blocks every write until <see cref="Thaw"/>.</summary>
    public void Freeze()
    {
        Command.Run("fsfreeze", "--freeze", Path);
        _isFrozen = true;
    }

    /// <summary>Ends <see cref="Freeze"/>.</summary>
    public void Thaw()
    {
        _isFrozen = false;
        Command.Run("fsfreeze", "--unfreeze", Path);
    }

    /// <summary>Lets every write fail, as ext4 does after an error of its device.</summary>
    public void MakeReadOnly() => Command.Run("mount", "-o", "remount,abort", Path);

    /// <summary>Loses the power: every access fails, and data that was not synchronized is lost.</summary>
    public void CutPower()
    {
        var directory = Open(Path, ReadOnlyFlag);
        var flags = WithoutJournal;
        var result = directory < 0 ? -1 : Control(directory, ShutDown, ref flags);
        var error = Marshal.GetLastPInvokeErrorMessage();
        if (directory >= 0)
            _ = Close(directory);
        if (result != 0)
            throw new InvalidOperationException($"The file system {Path} cannot be shut down: {error}");
    }

    /// <summary>Mounts it again after an error or a power failure. No program may use it meanwhile.</summary>
    public void Remount()
    {
        Command.Run("umount", Path);
        Mount();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isFrozen)
            Thaw();
        Command.TryRun("umount", "--lazy", Path);
        _directory.Delete(recursive: true);
    }

    private void Mount()
    {
        Command.Run("mount", "-o", "loop", Image, Path);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, ref uint argument);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
