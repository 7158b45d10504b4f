using System.Net;
using Actors.Messages.Collections;
using Akka.Actor;

namespace Actors.Remoting.Transport;

/// <summary>
/// The peers with open connections, and the addresses of those whose connection has just ended. No other program can use the address of
/// such a peer: neither another client nor a node with a valid key can impersonate it. Coordinators trust each other, so theirs are not
/// counted. Thread-safe.
/// </summary>
/// <param name="limit">The limit of connections of clients and nodes.</param>
/// <param name="networkLimit">The limit of these connections from one network (<see cref="LinkSource"/>).</param>
/// <param name="time">The clock.</param>
public sealed class ProvenLinks(int limit, int networkLimit, TimeProvider time) : IExtension
{
    /// <summary>
    /// The limit of connections of a peer. Both sides may connect at the same time, and again before the end of an old connection is
    /// detected.
    /// </summary>
    public const int LimitPerPeer = 16;

    /// <summary>
    /// How long only the same program, or one at the same IP address, may use an address after its last connection. By then nobody sends to
    /// the program any more, because death watch notices its end in 10 s.
    /// </summary>
    public static readonly TimeSpan Reservation = TimeSpan.FromSeconds(15);

    /// <summary>The number of disconnected actor systems whose numbers are retained.</summary>
    private const int MaxFormer = 20_000;

    private readonly Lock _access = new();
    private readonly Dictionary<HostPort, Holder> _holders = [];
    private readonly Dictionary<IPAddress, NetworkUse> _networks = [];
    private readonly Queue<Reserved> _reserved = [];
    private readonly Dictionary<(HostPort Address, long Uid), NumberedMessages> _former = new(SeededCallComparer<HostPort>.Instance);
    private readonly Queue<(HostPort Address, long Uid)> _formerOrder = [];
    private int _links;

    /// <summary>Occurs when the last connection of a peer has ended.</summary>
    public event Action<LinkPeer>? PeerDisconnected;

    /// <summary>Gets the connected peers of an actor system.</summary>
    public static ProvenLinks GetLinks(ActorSystem system) => system.WithExtension<ProvenLinks, ProvenLinksProvider>();

    /// <summary>Gets the proven role of the connected peer at an address. Null if none is connected.</summary>
    public LinkRole? FindRole(HostPort address)
    {
        lock (_access)
            return _holders.TryGetValue(address, out var known) && known.Links > 0 ? known.Peer.Role : null;
    }

    /// <summary>Gets the network of the connected peer at an address. Null if none is connected.</summary>
    public IPAddress? FindNetwork(HostPort address)
    {
        lock (_access)
            return _holders.TryGetValue(address, out var known) && known.Links > 0 ? known.Source.Network : null;
    }

    /// <summary>Whether a peer, the same program, is connected.</summary>
    public bool IsConnected(LinkPeer peer)
    {
        lock (_access)
            return _holders.TryGetValue(peer.Address, out var known) && known.Links > 0 && known.IsSameProgram(peer);
    }

    /// <summary>
    /// Gets the numbered messages of an actor system of a connected peer. The framework keeps them beyond the end of a connection.
    /// </summary>
    /// <param name="peer">The peer.</param>
    /// <param name="uid">The number of its actor system.</param>
    public NumberedMessages GetNumbers(LinkPeer peer, ulong uid)
    {
        lock (_access)
        {
            if (!_holders.TryGetValue(peer.Address, out var known) || !known.IsSameProgram(peer))
                return new NumberedMessages();
            if (known.Numbers is { } numbers && numbers.Uid == uid)
                return numbers.Messages;
            RetainNumbers(known);
            known.Numbers = (uid, _former.GetValueOrDefault((peer.Address, (long)uid)) ?? new NumberedMessages());
            return known.Numbers.Value.Messages;
        }
    }

    /// <summary>Gets the watches of the address of a connected peer, also those of programs that had it before.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="create">Creates them for the first connection.</param>
    public PeerWatches GetWatches(LinkPeer peer, Func<PeerWatches> create)
    {
        lock (_access)
            return _holders.TryGetValue(peer.Address, out var known) && known.IsSameProgram(peer) ? known.Watches ??= create() : create();
    }

    /// <summary>Adds a connection of a peer.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="source">Its IP address.</param>
    /// <returns>The reason of a refusal; null if the connection was added.</returns>
    public LinkRefusal? TryAdd(LinkPeer peer, LinkSource source)
    {
        var ended = new List<PeerWatches>();
        try
        {
            lock (_access)
                return TryAdd(peer, source, ended);
        }
        finally
        {
            ended.ForEach(static watches => watches.EndAll());
        }
    }

    private LinkRefusal? TryAdd(LinkPeer peer, LinkSource source, List<PeerWatches> ended)
    {
        // Not ended now: a late end would end the first watches of the new connection too.
        var watches = peer.Role == LinkRole.Coordinator ? null : _holders.GetValueOrDefault(peer.Address)?.Watches;
        RemoveExpired(ended);
        var known = _holders.GetValueOrDefault(peer.Address);
        if (FindRefusal(known, peer, source) is { } refusal)
            return refusal;
        if (known?.IsSameProgram(peer) != true)
        {
            if (known is not null)
                RemoveHolder(known, ended);
            _holders[peer.Address] = known = new Holder(peer) { Watches = watches };
            ended.RemoveAll(inherited => inherited == watches);
        }

        known.Source = source;
        known.Links++;
        CountLinks(peer, source, 1);
        return null;
    }

    /// <summary>Removes a connection that has ended.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="source">The IP address with which it was added.</param>
    public void RemoveLink(LinkPeer peer, LinkSource source)
    {
        var ended = new List<PeerWatches>();
        bool isLast;
        lock (_access)
            isLast = RemoveLink(peer, source, ended);
        ended.ForEach(static watches => watches.EndAll());
        if (isLast)
            PeerDisconnected?.Invoke(peer);
    }

    /// <returns>Whether it was the last connection of the peer.</returns>
    private bool RemoveLink(LinkPeer peer, LinkSource source, List<PeerWatches> ended)
    {
        RemoveExpired(ended);
        CountLinks(peer, source, -1);
        var known = _holders[peer.Address];
        if (--known.Links > 0)
            return false;
        ReserveAddress(known, ended);
        return true;
    }

    private void ReserveAddress(Holder known, List<PeerWatches> ended)
    {
        known.EndedAt = time.GetTimestamp();
        // A network cannot fill the memory with addresses that it used once: further ones of its own are not protected.
        if (known.Peer.Role == LinkRole.Coordinator || FindUse(known.Source).Reserved >= networkLimit)
        {
            RemoveHolder(known, ended);
            return;
        }

        FindUse(known.Source).Reserved++;
        _reserved.Enqueue(new Reserved(known, known.Source, known.EndedAt));
    }

    private LinkRefusal? FindRefusal(Holder? known, LinkPeer peer, LinkSource source)
    {
        if (known?.IsSameProgram(peer) == false)
        {
            if (known.Links > 0)
                return new LinkRefusal(LinkRefusalCode.Address, $"{peer.Address} is the address of another program that is connected.");
            if (known.Source != source)
            {
                return new LinkRefusal(
                    LinkRefusalCode.Limit,
                    $"{peer.Address} is the address of a program on another machine, which was connected less than "
                    + $"{Reservation.TotalSeconds:F0} s ago. Try again.");
            }
        }

        if (known?.Links >= LimitPerPeer)
            return new LinkRefusal(LinkRefusalCode.Limit, $"{peer.Address} has {known.Links} connections already.");
        if (peer.Role == LinkRole.Coordinator)
            return null;
        if (FindUse(source).Links >= networkLimit)
            return CreateRefusal(networkLimit, "from your IP address", LinkLimits.NetworkConnectionsSetting);
        return _links >= limit ? CreateRefusal(limit, "in all", LinkLimits.ConnectionsSetting) : null;
    }

    private static LinkRefusal CreateRefusal(int limit, string whose, string setting) =>
        new(LinkRefusalCode.Limit, $"it has {limit} connections {whose} already. Its setting {setting} limits them.");

    private void CountLinks(LinkPeer peer, LinkSource source, int change)
    {
        if (peer.Role == LinkRole.Coordinator)
            return;
        _links += change;
        FindUse(source).Links += change;
    }

    private NetworkUse FindUse(LinkSource source)
    {
        if (!_networks.TryGetValue(source.Network, out var use))
            _networks[source.Network] = use = new NetworkUse();
        return use;
    }

    private void RemoveHolder(Holder holder, List<PeerWatches> ended)
    {
        _holders.Remove(holder.Peer.Address);
        RetainNumbers(holder);
        if (holder.Watches is { } watches)
            ended.Add(watches);
    }

    /// <summary>
    /// Retains the numbers of an actor system that may connect again. The framework remembers them: it would ignore the ends of watches
    /// that this program counts.
    /// </summary>
    private void RetainNumbers(Holder holder)
    {
        if (holder.Numbers is not { } numbers || !_former.TryAdd((holder.Peer.Address, (long)numbers.Uid), numbers.Messages))
            return;
        _formerOrder.Enqueue((holder.Peer.Address, (long)numbers.Uid));
        if (_formerOrder.Count > MaxFormer)
            _former.Remove(_formerOrder.Dequeue());
    }

    private void RemoveExpired(List<PeerWatches> ended)
    {
        while (_reserved.TryPeek(out var first) && time.GetElapsedTime(first.EndedAt) >= Reservation)
        {
            var (holder, source, endedAt) = _reserved.Dequeue();
            FindUse(source).Reserved--;
            if (holder.Links == 0 && holder.EndedAt == endedAt && _holders.GetValueOrDefault(holder.Peer.Address) == holder)
                RemoveHolder(holder, ended);
            if (FindUse(source) is { Links: 0, Reserved: 0 })
                _networks.Remove(source.Network);
        }
    }

    /// <summary>The program that has an address.</summary>
    private sealed class Holder(LinkPeer peer)
    {
        public LinkPeer Peer => peer;

        public LinkSource Source { get; set; }

        public int Links { get; set; }

        public long EndedAt { get; set; }

        public (ulong Uid, NumberedMessages Messages)? Numbers { get; set; }

        public PeerWatches? Watches { get; set; }

        public bool IsSameProgram(LinkPeer other) => peer.IsSameProgram(other);
    }

    /// <summary>The end of the last connection of a program.</summary>
    private readonly record struct Reserved(Holder Holder, LinkSource Source, long EndedAt);

    /// <summary>The connections from a network, and the addresses that are reserved for programs there.</summary>
    private sealed class NetworkUse
    {
        public int Links { get; set; }

        public int Reserved { get; set; }
    }

    private sealed class ProvenLinksProvider : ExtensionIdProvider<ProvenLinks>
    {
        public override ProvenLinks CreateExtension(ExtendedActorSystem system) => new(
            LinkLimits.GetConnections(system.Settings.Config, LinkLimits.ConnectionsSetting),
            LinkLimits.GetConnections(system.Settings.Config, LinkLimits.NetworkConnectionsSetting), TimeProvider.System);
    }
}
