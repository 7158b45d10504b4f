using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Actors.Connections;

/// <summary>Creates sockets for addresses.</summary>
internal static class Sockets
{
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Returns the file of a Unix socket; null for other addresses, and for an abstract socket, which has none.</summary>
    public static string? PathOf(EndPoint address)
    {
        if (address is not UnixDomainSocketEndPoint unix)
            return null;
        var bytes = unix.Serialize();
        var path = Encoding.UTF8.GetString(bytes.Buffer.Span[2..bytes.Size]).TrimEnd('\0');
        return path.Length == 0 || path[0] == '\0' ? null : path;
    }

    public static Socket CreateSocket(EndPoint address) => address is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(address.AddressFamily is AddressFamily.InterNetworkV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork,
            SocketType.Stream, ProtocolType.Tcp)
        { NoDelay = true };
}
