using System.Net;

namespace Actors.Remoting.Transport;

/// <summary>The IP address at the other end of a connection. A peer can claim any name, but no other IP address. Immutable.</summary>
/// <param name="Address">The address.</param>
public readonly record struct LinkSource(IPAddress Address)
{
    /// <summary>The part of an IPv6 address that a network assigns. Its machines choose the rest as they like.</summary>
    private const int NetworkBytes = 8;

    /// <summary>The addresses that one machine can use: an IPv4 address, or the network of an IPv6 address.</summary>
    public IPAddress Network
    {
        get
        {
            var bytes = Address.GetAddressBytes();
            if (bytes.Length <= NetworkBytes)
                return Address;
            bytes.AsSpan(NetworkBytes).Clear();
            return new IPAddress(bytes);
        }
    }

    /// <summary>Gets the source of a connection from the address of its other end.</summary>
    public static LinkSource FromEndPoint(EndPoint? end) => end is IPEndPoint { Address: var address }
        ? new LinkSource(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        : new LinkSource(IPAddress.None);
}
