using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Actors.Messages.Executors;

/// <summary>
/// The address of a Unix socket with a path of any length. The system accepts about a hundred bytes; a longer path is given by a descriptor
/// of its directory, which is open until this object is disposed. Dispose a bound socket first, because it removes its file by this
/// address.
/// </summary>
public sealed partial class SocketAddress : IDisposable
{
    // Linux: the descriptor only names the directory, and child processes do not inherit it.
    private const int PathOnly = 0x200000;
    private const int CloseOnExec = 0x80000;

    private readonly SafeFileHandle? _directory;

    private SocketAddress(UnixDomainSocketEndPoint endPoint, SafeFileHandle? directory) => (EndPoint, _directory) = (endPoint, directory);

    /// <summary>The endpoint to bind or connect to. It is valid until this object is disposed.</summary>
    public UnixDomainSocketEndPoint EndPoint { get; }

    /// <exception cref="IOException">The directory of the path cannot be opened, or the path is too long for this system.</exception>
    public static SocketAddress ForPath(string path)
    {
        try
        {
            return new SocketAddress(new UnixDomainSocketEndPoint(path), null);
        }
        catch (ArgumentOutOfRangeException) when (OperatingSystem.IsLinux())
        {
            return ThroughDirectory(path);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new PathTooLongException($"The path {path} is too long for a socket on this system.", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _directory?.Dispose();

    private static SocketAddress ThroughDirectory(string path)
    {
        var directory = OpenDirectory(Path.GetDirectoryName(path)!, PathOnly | CloseOnExec);
        if (directory.IsInvalid)
        {
            var (error, text) = (Marshal.GetLastPInvokeError(), Marshal.GetLastPInvokeErrorMessage());
            throw new IOException($"Cannot open the directory of {path}: {text}.", error);
        }

        var descriptor = directory.DangerousGetHandle();
        return new SocketAddress(new UnixDomainSocketEndPoint($"/proc/self/fd/{descriptor}/{Path.GetFileName(path)}"), directory);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenDirectory(string path, int flags);
}
