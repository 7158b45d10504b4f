using System.Diagnostics;
using System.Net.Sockets;
using Actors.Messages.Executors;
using Actors.Messages.Storage;

namespace Actors.Executor.Link;

/// <summary>Ends an executor after its node was lost.</summary>
internal static class NodeWatch
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Ends the process as if it was killed, so that no finalizer or exit handler of user code can delay the end. A killed node cannot
    /// remove the directory of its socket, so its last executors do.
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
    /// Whether the node still listens. The system may close the connection of this process before the listening socket of a killed node. A
    /// new connection then succeeds for a moment, and is closed with that socket. A live node waits for a greeting.
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
            // The directory does not exist any more.
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
            // Another executor was faster.
        }
    }
}
