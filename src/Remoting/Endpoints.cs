using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Akka.Actor;

namespace Actors.Remoting;

/// <summary>Names and numbers by which the roles find each other: all of them stand here.</summary>
internal static class Endpoints
{
    public const string SystemName = "actors";
    public const int DefaultPort = 4053;
    public const string CoordinatorName = "coordinator";
    public const string NodeName = "node";
    public const string CoordinatorRole = "coordinator";
    public const string WorkerRole = "worker";

    /// <summary>The actor system's address at HOST:PORT, for a system with or without encryption: one cannot talk to the other.</summary>
    public static Address SystemAddress(HostPort at, bool isEncrypted) => new(isEncrypted ? "akka.ssl.tcp" : "akka.tcp", SystemName, at.Host, at.Port);

    /// <summary>The address at HOST:PORT as one that this system can talk to.</summary>
    public static Address SystemAddress(ActorSystem from, HostPort at) =>
        SystemAddress(at, ((ExtendedActorSystem)from).Provider.DefaultAddress.Protocol.Contains("ssl", StringComparison.Ordinal));

    /// <summary>The coordinator itself there, under the name that its door gave.</summary>
    public static ActorPath CoordinatorPath(Address at, string name) => new RootActorPath(at) / "user" / name;

    /// <summary>The coordinator's door there.</summary>
    public static ActorPath CoordinatorPath(Address at) => CoordinatorPath(at, CoordinatorName);
}

/// <summary>Where a role listens.</summary>
internal readonly record struct HostPort(string Host, int Port)
{
    /// <summary>HOST:PORT.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Reads HOST:PORT, or HOST alone with the default port.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static HostPort Parse(string text) => TryParse(text, out var parsed)
        ? parsed.Value
        : throw new FormatException($"'{text}' is not HOST:PORT, such as 127.0.0.1:{Endpoints.DefaultPort}.");

    /// <summary>Reads HOST:PORT,HOST:PORT,....</summary>
    /// <exception cref="FormatException">One of them is none.</exception>
    public static IReadOnlyList<HostPort> ParseList(string text) => TryParseList(text) ?? throw new FormatException(
        $"'{text}' is not HOST:PORT, such as 127.0.0.1:{Endpoints.DefaultPort}, or several with commas between.");

    /// <summary>Reads HOST:PORT,HOST:PORT,...; null when one of them is none.</summary>
    public static IReadOnlyList<HostPort>? TryParseList(string text)
    {
        var all = text.Split(',', StringSplitOptions.TrimEntries).Select(part => TryParse(part, out var parsed) ? parsed : null).ToList();
        return all.Contains(null) ? null : [.. all.OfType<HostPort>().Distinct()];
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out HostPort? parsed)
    {
        parsed = null;
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        var port = Endpoints.DefaultPort;
        if (host.Length == 0 || Uri.CheckHostName(host) is UriHostNameType.Unknown or UriHostNameType.Basic)
            return false;
        if (colon >= 0 && (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
            return false;
        parsed = new HostPort(host, port);
        return true;
    }
}
