using Actors.Remoting;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Coordinator.Clients;

/// <summary>
/// The usage of each client of a coordinator. All actors of a client's program count together, because a client can create any number of
/// them. Programs at a node's or another coordinator's address are separate: each worker is represented by an actor that no job can choose.
/// A node could invent such actors, so all of one node together have a limit too. Thread-safe.
/// </summary>
public sealed class ClientUsages : IExtension
{
    private const int SmallestPurge = 1024;

    /// <summary>The number of clients that all workers of one node together count as.</summary>
    private const int ClientsPerNode = 16;

    private readonly Lock _access = new();
    private readonly ClientLimits? _limits;
    private readonly ClientMemory _total;
    private readonly ProvenLinks _links;

    // A usage lives while a holder charges it, so that the total of a connected client is never forgotten.
    private readonly Dictionary<object, WeakReference<ClientUsage>> _usages = [];
    private int _nextPurge = SmallestPurge;

    private ClientUsages(ExtendedActorSystem system)
    {
        (_limits, _links) = (ClientLimits.ReadLimits(system.Settings.Config), ProvenLinks.GetLinks(system));
        _total = new ClientMemory(_limits?.TotalMemory ?? long.MaxValue);
    }

    /// <summary>
    /// Gets the usage of the program of an actor. Null if it has no limits, because it is this process: by its address, because the
    /// framework takes every actor with the name <c>deadLetters</c> for none. The transport delivers no contract without a sender.
    /// </summary>
    public static ClientUsage? FindUsage(ActorSystem system, IActorRef actor) =>
        actor is null || actor.Path.Address.HasLocalScope
            ? null
            : system.WithExtension<ClientUsages, ClientUsagesProvider>().GetOrAddUsage(actor);

    /// <summary>Gets the reason why a program gets no more of a resource. The program must have limits.</summary>
    public static string FormatRefusal(ActorSystem system, IActorRef actor, ClientResource resource) =>
        FindUsage(system, actor)!.FormatRefusal(resource);

    /// <summary>Creates a charge of the program of an actor, without an amount.</summary>
    public static ClientCharge CreateCharge(ActorSystem system, IActorRef actor, ClientResource resource) =>
        new(FindUsage(system, actor), resource);

    private ClientUsage? GetOrAddUsage(IActorRef actor)
    {
        if (_limits is null)
            return null;
        var address = HostPort.FromAddress(actor.Path.Address);
        var role = _links.FindRole(address);
        // All actors of a client count together.
        object key = role is LinkRole.Node or LinkRole.Coordinator ? actor : address;
        lock (_access)
        {
            return FindUsage(key) ?? AddUsage(key, role == LinkRole.Node
                ? new ClientUsage(_limits, GetOrAddNode(address, _limits))
                : new ClientUsage(_limits, _total));
        }
    }

    private ClientUsage GetOrAddNode(HostPort node, ClientLimits limits) =>
        FindUsage((node, LinkRole.Node)) ?? AddUsage((node, LinkRole.Node), new ClientUsage(limits.Multiply(ClientsPerNode), _total));

    private ClientUsage? FindUsage(object key) =>
        _usages.TryGetValue(key, out var known) && known.TryGetTarget(out var usage) ? usage : null;

    private ClientUsage AddUsage(object key, ClientUsage usage)
    {
        PurgeUnused();
        _usages[key] = new WeakReference<ClientUsage>(usage);
        return usage;
    }

    private void PurgeUnused()
    {
        if (_usages.Count < _nextPurge)
            return;
        foreach (var (key, _) in _usages.Where(entry => !entry.Value.TryGetTarget(out _)).ToList())
            _usages.Remove(key);
        _nextPurge = Math.Max(SmallestPurge, 2 * _usages.Count);
    }

    private sealed class ClientUsagesProvider : ExtensionIdProvider<ClientUsages>
    {
        public override ClientUsages CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
