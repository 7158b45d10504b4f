using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Akka.Actor;

namespace Actors.Remoting;

/// <summary>The host and port that a program listens on.</summary>
/// <param name="Host">The host name or IP address.</param>
/// <param name="Port">The port.</param>
public readonly record struct HostPort(string Host, int Port)
{
    /// <summary>The host in lower case, as in the framework's addresses. Otherwise one address would have several texts.</summary>
    public string Host { get; } = Host?.ToLowerInvariant()!;

    /// <summary>Formats the address as HOST:PORT.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Gets the host and port of an actor system that listens.</summary>
    public static HostPort FromAddress(Address address) => new(address.Host, address.Port ?? 0);

    /// <summary>Parses a list of the form HOST:PORT,HOST:PORT,….</summary>
    /// <exception cref="FormatException">An entry is not an address.</exception>
    public static IReadOnlyList<HostPort> ParseList(string text) => TryParseList(text) ?? throw new FormatException(
        $"'{text}' is not HOST:PORT, such as 127.0.0.1:{Endpoints.DefaultPort}, or several with commas between.");

    /// <summary>Parses a list of the form HOST:PORT,HOST:PORT,…; null if an entry is not an address.</summary>
    public static IReadOnlyList<HostPort>? TryParseList(string text)
    {
        var all = text.Split(',', StringSplitOptions.TrimEntries).Select(part => TryParse(part, out var parsed) ? parsed : null).ToList();
        return all.Contains(null) ? null : [.. all.OfType<HostPort>().Distinct()];
    }

    /// <summary>Whether a text is a host name or IP address. Other text could contain an address of its own.</summary>
    public static bool IsHost(string text) => Uri.CheckHostName(text) is not (UriHostNameType.Unknown or UriHostNameType.Basic);

    /// <summary>Parses HOST:PORT, or HOST with the default port.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HostPort? parsed)
    {
        parsed = null;
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        var port = Endpoints.DefaultPort;
        if (!IsHost(host))
            return false;
        if (colon >= 0 && !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            return false;
        if (port is < 1 or > 65535)
            return false;
        parsed = new HostPort(host, port);
        return true;
    }
}
