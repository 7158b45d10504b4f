using System.Security.Cryptography;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Actors.Remoting.Transport;

/// <summary>Who an actor system is on its connections, given when it starts. What it is not given comes from its configuration.</summary>
/// <param name="keys">The keys of its peers.</param>
/// <param name="tls">Its certificates; null where connections are not encrypted.</param>
/// <param name="coordinators">The addresses of the coordinators that it knows.</param>
internal sealed class LinkIdentity(LinkKeys keys, TlsIdentity? tls, IReadOnlyList<HostPort> coordinators) : Setup
{
    /// <summary>The setting that holds the role.</summary>
    public const string RoleSetting = "actors.link.role";

    /// <summary>Its keys.</summary>
    public LinkKeys Keys => keys;

    /// <summary>Its certificates; null where connections are not encrypted.</summary>
    public TlsIdentity? Tls => tls;

    /// <summary>The last refusals of and by coordinators.</summary>
    public LinkRefusals Refusals { get; } = new();

    /// <summary>The identity of an actor system; one that was given none has no configured key.</summary>
    public static LinkIdentity GetIdentity(ActorSystem system)
    {
        var given = system.Settings.Setup.Get<LinkIdentity>();
        return given.HasValue ? given.Value : new LinkIdentity(new LinkKeys(null), null, []);
    }

    /// <summary>
    /// The keys of a program at an address: where it was given none and nothing leaves this machine, the key that the programs of its user share.
    /// </summary>
    /// <exception cref="InvalidOperationException">The key of the user can be neither read nor made.</exception>
    public LinkKeys GetKeysFor(string host) =>
        keys.Clients is null && tls is null && Loopback.IsLoopback(host) && coordinators.All(at => Loopback.IsLoopback(at.Host)) ? new LinkKeys(UserKey.ReadOrCreate()) : keys;

    /// <summary>This program in its handshakes.</summary>
    /// <param name="config">Of the actor system.</param>
    /// <param name="address">Where it listens.</param>
    /// <exception cref="ConfigurationException">The configuration has no role.</exception>
    /// <exception cref="InvalidOperationException">The key of the user can be neither read nor made.</exception>
    public LinkParty ToParty(Config config, HostPort address)
    {
        var role = LinkRoles.TryParse(config.GetString(RoleSetting, null))
            ?? throw new ConfigurationException($"{RoleSetting} must be client, node or coordinator.");
        return new LinkParty(role, address, GetKeysFor(address.Host), role == LinkRole.Coordinator ? coordinators : [], RandomNumberGenerator.GetBytes(LinkFrame.InstanceLength));
    }
}
