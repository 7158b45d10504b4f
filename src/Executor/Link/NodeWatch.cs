using System.Diagnostics;
using System.Net.Sockets;

namespace Actors.Executor.Link;

/// <summary>What an executor does when its node is gone.</summary>
internal static class NodeWatch
{
    /// <summary>
    /// Ends the process as if it had been killed: no finalizer, no exit handler of user code may keep it. A node that died could not
    /// remove the directory of its sockets, so its last children do.
    /// </summary>
    public static void EndWithNode(string socketPath)
    {
        if (Path.GetDirectoryName(socketPath) is { } directory && !SomebodyListens(socketPath))
            TryDelete(directory);
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    private static bool SomebodyListens(string socketPath)
    {
        try
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            probe.Connect(new UnixDomainSocketEndPoint(socketPath));
            return true;
        }
        catch (SocketException)
        {
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
