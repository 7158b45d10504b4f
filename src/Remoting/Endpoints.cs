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

    /// <summary>The actor system's address at HOST:PORT, for a system with or without encryption: one cannot talk to the other.</summary>
    public static Address SystemAddress(HostPort at, bool isEncrypted) => new(isEncrypted ? "akka.ssl.tcp" : "akka.tcp", SystemName, at.Host, at.Port);

    /// <summary>The address at HOST:PORT as one that this system can talk to.</summary>
    public static Address SystemAddress(ActorSystem from, HostPort at) =>
        SystemAddress(at, ((ExtendedActorSystem)from).Provider.DefaultAddress.Protocol.Contains("ssl", StringComparison.Ordinal));

    /// <summary>The path of a coordinator's actor, whose name the gateway tells.</summary>
    public static ActorPath CoordinatorPath(Address at, string name) => new RootActorPath(at) / "user" / name;

    /// <summary>The path of a coordinator's gateway.</summary>
    public static ActorPath CoordinatorPath(Address at) => CoordinatorPath(at, CoordinatorName);
}
