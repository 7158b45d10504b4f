using System.Diagnostics;
using System.Net.Sockets;
using Actors.Messages.Executors;
using Actors.Messages.Storage;

namespace Actors.Executor.Link;

/// <summary>What an executor does when its node is gone.</summary>
internal static class NodeWatch
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Ends the process as if it had been killed: no finalizer, no exit handler of user code may keep it. A node that died could not
    /// remove the directory of its sockets, so its last children do.
    /// </summary>
    public static void EndWithNode(string socketPath)
    {
        if (Path.GetDirectoryName(socketPath) is { } directory && !IsListenedOn(socketPath))
            TryDelete(directory);
        OwnedMemory.RemoveOwn();
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>
    /// A node that is being killed may close this process's connection before its listening socket: for a moment one can still connect,
    /// and is thrown out as that socket closes too. A node that lives waits for a greeting.
    /// </summary>
    private static bool IsListenedOn(string socketPath)
    {
        try
        {
            using var address = SocketAddress.ForPath(socketPath);
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            probe.ReceiveTimeout = (int)ProbeTime.TotalMilliseconds;
            probe.Connect(address.EndPoint);
            return probe.Receive(new byte[1]) > 0;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock;
        }
        catch (IOException)
        {
            // The directory is gone.
            return false;
        }
    }

    private static void TryDelete(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A sibling was faster.
        }
    }
}
