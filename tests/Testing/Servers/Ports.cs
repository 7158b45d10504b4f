using System.Net;
using System.Net.Sockets;

namespace Actors.Testing;

/// <summary>Finds ports for programs.</summary>
internal static class Ports
{
    /// <summary>
    /// Returns a free port below the range for outgoing connections, so that the system does not use it before the program listens.
    /// </summary>
    public static int FindFree()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(10_000, 32_768));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                // Another.
            }
        }
    }
}
