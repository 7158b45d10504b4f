using System.Security.Cryptography;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Actors.Remoting.Transport;

/// <summary>
/// The keys and certificates of an actor system on its connections. They are passed at the start of the system; its role is part of the
/// configuration.
/// </summary>
/// <param name="keys">The keys that it and its peers prove to each other.</param>
/// <param name="tls">Its certificates; null where connections are not encrypted.</param>
/// <param name="coordinators">The addresses of the known coordinators.</param>
public sealed class LinkIdentity(LinkKeys keys, TlsIdentity? tls, IReadOnlyList<HostPort> coordinators) : Setup
{
    /// <summary>The setting that holds the role.</summary>
    public const string RoleSetting = "actors.link.role";

    /// <summary>The keys that the program and its peers prove to each other.</summary>
    public LinkKeys Keys => keys;

    /// <summary>Its certificates; null where connections are not encrypted.</summary>
    public TlsIdentity? Tls => tls;

    /// <summary>A random number that distinguishes this program from another program at the same address.</summary>
    public ReadOnlyMemory<byte> Instance { get; } = RandomNumberGenerator.GetBytes(LinkFrame.InstanceLength);

    /// <summary>The addresses at which a client or node accepts coordinators.</summary>
    public KnownCoordinators Coordinators { get; } = new(coordinators);

    /// <summary>The last refusal of each coordinator.</summary>
    public LinkRefusals Refusals { get; } = new();

    /// <summary>Gets the identity of an actor system. A system without one has no configured key.</summary>
    public static LinkIdentity GetIdentity(ActorSystem system)
    {
        var given = system.Settings.Setup.Get<LinkIdentity>();
        return given.HasValue ? given.Value : new LinkIdentity(new LinkKeys(null), null, []);
    }

    /// <summary>
    /// Gets the keys of a program at an address. If it has no configured key, and all addresses are on this machine, these are the keys
    /// that the programs of the user share.
    /// </summary>
    /// <exception cref="InvalidOperationException">The key of the user can neither be read nor created.</exception>
    public LinkKeys GetKeysFor(string host) =>
        keys.Clients is null && tls is null && Loopback.IsLoopback(host) && coordinators.All(at => Loopback.IsLoopback(at.Host))
            ? new LinkKeys(UserKey.ReadOrCreate(), Operators: keys.Operators)
            : keys;

    /// <summary>Creates the identity of this program for its handshakes.</summary>
    /// <param name="config">The configuration of the actor system.</param>
    /// <param name="address">The address that it listens on.</param>
    /// <exception cref="ConfigurationException">The configuration has no role.</exception>
    /// <exception cref="InvalidOperationException">The key of the user can neither be read nor created.</exception>
    public LinkParty ToParty(Config config, HostPort address)
    {
        var role = LinkRoles.TryParse(config.GetString(RoleSetting, null))
            ?? throw new ConfigurationException($"{RoleSetting} must be client, node, coordinator or operator.");
        return new LinkParty(
            role, address, GetKeysFor(address.Host), Coordinators: role == LinkRole.Coordinator ? coordinators : [],
            Instance: Instance);
    }
}
