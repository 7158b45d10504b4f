using System.Net.Sockets;
using Actors.Messages.Executors;
using Actors.Messages.Storage;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Removes the run directories of nodes that were killed and so could not do it themselves: their socket is there and nobody listens on
/// it. Directories of other users stay, even for root: their owner could replace one by a link to another directory after the check. Files
/// that no node has created stay too. Several nodes may do this at once.
/// </summary>
internal static class AbandonedDirectories
{
    /// <summary>A younger directory may belong to a node that is about to listen.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(10);

    public static void RemoveAll(string parent)
    {
        // The addresses of these sockets are files only where the system has modes.
        if (OperatingSystem.IsWindows())
            return;
        // One that can be written but not listed is usable all the same.
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
                // Another node was faster, or it is not ours.
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

    /// <summary>True where the system does not tell the owner.</summary>
    private static bool IsOwn(DirectoryInfo directory) => UnixEntry.FromPath(directory.FullName) is not { } entry || entry.Owner == UnixEntry.User;

    private static bool IsListenedOn(string path)
    {
        // A node that was stopped, not killed, has a queue of connections that may be full: connecting must not wait.
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

    /// <summary>The socket goes last: until then the next node sees what is left.</summary>
    private static void RemoveDirectory(DirectoryInfo directory)
    {
        foreach (var progress in directory.EnumerateFiles("*" + RunDirectory.ProgressExtension))
            progress.Delete();
        File.Delete(Path.Combine(directory.FullName, RunDirectory.SocketName));
        directory.Delete();
    }
}
