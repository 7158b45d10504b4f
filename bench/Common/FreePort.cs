using System.Net;
using System.Net.Sockets;

namespace Common;

internal static class FreePort
{
    /// <summary>Finds a TCP port that is not in use.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
