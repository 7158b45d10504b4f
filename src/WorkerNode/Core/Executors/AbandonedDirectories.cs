using System.Net.Sockets;
using Actors.Messages.Executors;
using Actors.Messages.Storage;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Removes the run directories of killed nodes. Such a directory has a socket that no process listens on. Directories of other users stay,
/// even for root, because their owner could replace one by a link to another directory after the check. Files that no node creates stay as
/// well. Several nodes may do this at once.
/// </summary>
public static class AbandonedDirectories
{
    /// <summary>The minimum age. A younger directory may belong to a node that is about to listen.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(10);

    public static void RemoveAll(string parent)
    {
        // Socket addresses are files only on Unix.
        if (OperatingSystem.IsWindows())
            return;
        // A directory that can be written but not listed is still usable.
        var own = new EnumerationOptions { IgnoreInaccessible = true };
        foreach (var directory in new DirectoryInfo(parent).EnumerateDirectories(RunDirectory.Prefix + "*", own))
        {
            try
            {
                if (IsAbandoned(directory))
                    RemoveDirectory(directory);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException)
            {
                // Another node was faster, or the directory belongs to another user.
            }
        }
    }

    private static bool IsAbandoned(DirectoryInfo directory)
    {
        var socket = Path.Combine(directory.FullName, RunDirectory.SocketName);
        return directory.LinkTarget is null
            && IsOwn(directory)
            && TimeProvider.System.GetUtcNow() - directory.LastWriteTimeUtc > MinAge
            && File.Exists(socket)
            && !IsListenedOn(socket);
    }

    /// <summary>Whether this user owns the directory. True if the system does not report owners.</summary>
    private static bool IsOwn(DirectoryInfo directory) =>
        UnixEntry.FromPath(directory.FullName) is not { } entry || entry.Owner == UnixEntry.User;

    private static bool IsListenedOn(string path)
    {
        // The queue of connections of a stopped node may be full, so connecting must not block.
        using var address = SocketAddress.ForPath(path);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(address.EndPoint);
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }

    /// <summary>Removes the socket last: as long as it exists, the next node can continue the removal.</summary>
    private static void RemoveDirectory(DirectoryInfo directory)
    {
        foreach (var progress in directory.EnumerateFiles("*" + RunDirectory.ProgressExtension))
            progress.Delete();
        File.Delete(Path.Combine(directory.FullName, RunDirectory.SocketName));
        directory.Delete();
    }
}
