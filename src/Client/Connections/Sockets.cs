using System.Net;
using System.Net.Sockets;

namespace Actors.Connections;

/// <summary>Sockets for the addresses that connections have.</summary>
internal static class Sockets
{
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(20);

    public static Socket For(EndPoint address) => address is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(address.AddressFamily is AddressFamily.InterNetworkV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork,
            SocketType.Stream, ProtocolType.Tcp)
        { NoDelay = true };
}
