using Akka.Actor;

namespace Actors.Remoting;

/// <summary>The names and numbers by which the programs find each other.</summary>
public static class Endpoints
{
    public const string SystemName = "actors";
    public const int DefaultPort = 4053;
    public const string CoordinatorName = "coordinator";
    public const string NodeName = "node";
    public const string CoordinatorRole = "coordinator";

    /// <summary>
    /// Gets the address of an actor system at a host and port. Encrypted and unencrypted systems have different addresses and cannot
    /// connect to each other.
    /// </summary>
    public static Address SystemAddress(HostPort at, bool isEncrypted) =>
        new(isEncrypted ? "akka.ssl.tcp" : "akka.tcp", SystemName, at.Host, at.Port);

    /// <summary>Gets the address at a host and port for a system that is encrypted if this one is.</summary>
    public static Address SystemAddress(ActorSystem from, HostPort at) =>
        SystemAddress(at, ((ExtendedActorSystem)from).Provider.DefaultAddress.Protocol.Contains("ssl", StringComparison.Ordinal));

    /// <summary>Gets the path of the actor of a coordinator. The gateway tells its name.</summary>
    public static ActorPath CoordinatorPath(Address at, string name) => new RootActorPath(at) / "user" / name;

    /// <summary>Gets the path of the gateway of a coordinator.</summary>
    public static ActorPath CoordinatorPath(Address at) => CoordinatorPath(at, CoordinatorName);
}
