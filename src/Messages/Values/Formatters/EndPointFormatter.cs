using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Actors.Messages.Values;

/// <summary>Writes an IP address with its scope.</summary>
public sealed class IPAddressFormatter : ConvertedFormatter<IPAddress, string>
{
    protected override string ToCarried(IPAddress value) => value.ToString();

    protected override IPAddress FromCarried(string carried) => IPAddress.Parse(carried);
}

/// <summary>Writes an endpoint: an IP address, a host name, or a Unix socket.</summary>
public sealed class EndPointFormatter<T> : ConvertedFormatter<T, string[]>
    where T : EndPoint
{
    private const string Ip = "ip";
    private const string Dns = "dns";
    private const string Unix = "unix";

    protected override string[] ToCarried(T value) => value switch
    {
        IPEndPoint ip => [Ip, ip.ToString()],
        DnsEndPoint dns => [Dns, dns.Host, FormatNumber((int)dns.AddressFamily), FormatNumber(dns.Port)],
        UnixDomainSocketEndPoint unix => [Unix, GetPath(unix)],
        EndPoint other => throw new NotCarriedException(
            $"{TypeNames.GetFullName(other.GetType())} cannot be carried to another process: "
            + $"pass an {nameof(IPEndPoint)}, a {nameof(DnsEndPoint)} or a {nameof(UnixDomainSocketEndPoint)}."),
    };

    protected override T FromCarried(string[] carried) => (T)(EndPoint)(carried[0] switch
    {
        Ip => IPEndPoint.Parse(carried[1]),
        Dns => new DnsEndPoint(carried[1], ParseNumber(carried[3]), (AddressFamily)ParseNumber(carried[2])),
        Unix => new UnixDomainSocketEndPoint(carried[1]),
        var kind => throw new InvalidDataException($"An address of the unknown kind '{kind}' arrived."),
    });

    /// <summary>
    /// Gets the path for the constructor. <see cref="object.ToString"/> does not return it for an abstract socket. The path is made
    /// absolute, because the other process may have another working directory.
    /// </summary>
    private static string GetPath(UnixDomainSocketEndPoint value)
    {
        var address = value.Serialize();
        var path = Encoding.UTF8.GetString(address.Buffer.Span[2..address.Size]).TrimEnd('\0');
        return path.StartsWith('\0') ? path : Path.GetFullPath(path);
    }

    private static string FormatNumber(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int ParseNumber(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
