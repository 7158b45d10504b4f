using System.Collections.Immutable;
using System.Net.Sockets;
using Actors.Remoting;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// Downs a killed member at once. A member counts as killed if its connection broke and its port refuses connections, or its name is gone
/// with its container: no program listens there any more, and its pools can move within a second or two. All other cases (silence,
/// partition, lost machine) are left to the failure detector and the split-brain resolver, which wait for a stable membership. A
/// coordinator may down others only if it reaches a majority. A wrong decision cannot corrupt a journal, because the new writer locks the
/// old one out.
/// </summary>
internal sealed class CrashedMembersActor : HandlerActor
{
    /// <summary>
    /// How long a peer is probed after its connection broke: longer than the system takes to close the sockets of a dead process.
    /// </summary>
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The number of refused connections in a row after which a member counts as killed. A program that is being restarted listens by then.
    /// </summary>
    private const int AbsencesNeeded = 3;

    /// <summary>
    /// The number of accepted connections in a row after which a member counts as alive. The system closes the sockets of a dead process
    /// one by one, and the listening socket may be the last.
    /// </summary>
    private const int PresencesNeeded = 3;
    private static readonly TimeSpan PresenceInterval = TimeSpan.FromMilliseconds(200);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Func<HostPort, Task<SocketError>> _connect;
    private readonly HashSet<Address> _probing = [];

    public CrashedMembersActor()
        : this(at => PortProbe.ProbePortAsync(at, ConnectTimeout))
    {
    }

    /// <summary>Creates the actor with another way to probe an address.</summary>
    public CrashedMembersActor(Func<HostPort, Task<SocketError>> connect)
    {
        _connect = connect;
        Receive<DisassociatedEvent>(disconnected => StartProbe(disconnected.RemoteAddress));
        Receive<ProbeResult>(OnProbed);
    }

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void StartProbe(Address address)
    {
        if (FindMember(address) is not { } member || !_probing.Add(address))
            return;
        var nameMayBeGone = IsReachable(address);
        ImmutableArray<Address> others = [.. GetOtherCoordinators(address).Select(other => other.Address)];
        ProbeMemberAsync(member.UniqueAddress, nameMayBeGone, others).PipeTo(Self);
    }

    private void OnProbed(ProbeResult result)
    {
        var address = result.Member.Address;
        _probing.Remove(address);
        // Another program may listen at the same address by now.
        if (FindMember(address) is not { } member || !member.UniqueAddress.Equals(result.Member))
            return;
        if (!result.IsCrashed)
        {
            LogNotDowned(member, $"lost its connection and may still run, so the failure detector decides: {result.LastError}");
            return;
        }

        // Counts the members that this coordinator reaches itself. The dead member's last opinion of them does not count. They must answer
        // now, or this coordinator is the one that is cut off.
        var here = GetOtherCoordinators(address).Count(member => IsReachable(member.Address) && result.Reachable.Contains(member.Address));
        if (FindMember(_cluster.SelfAddress) is not null)
            here++;
        if (2 * here > GetActiveMembers().Count())
            _cluster.Down(address);
        else
        {
            LogNotDowned(
                member, $"has ended ({result.LastError}), but this coordinator reaches only {here} of the cluster, which is no majority");
        }
    }

    /// <summary>Logs why a member is not downed at once.</summary>
    private static void LogNotDowned(Member member, string text) =>
        Context.System.EventStream.Publish(new LogEvent(LogSubject.Coordinator, $"{HostPort.FromAddress(member.Address)}", text));

    private Member? FindMember(Address address) => GetActiveMembers().FirstOrDefault(member => member.Address.Equals(address));

    private bool IsReachable(Address address) => _cluster.FailureDetector.IsAvailable(address);

    private IEnumerable<Member> GetOtherCoordinators(Address address) =>
        GetActiveMembers().Where(member => !member.Address.Equals(address) && !member.Address.Equals(_cluster.SelfAddress));

    private IEnumerable<Member> GetActiveMembers() =>
        _cluster.State.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting);

    /// <param name="member">The member.</param>
    /// <param name="nameMayBeGone">
    /// Whether an unknown host name means that the member was killed: it was reachable until the connection closed. After a silence, an
    /// unknown name proves nothing.
    /// </param>
    /// <param name="others">The other coordinators.</param>
    private async Task<ProbeResult> ProbeMemberAsync(UniqueAddress member, bool nameMayBeGone, ImmutableArray<Address> others)
    {
        var (absences, presences) = (0, 0);
        var found = SocketError.SocketError;
        for (var since = Environment.TickCount64; Environment.TickCount64 - since < ProbeTime.TotalMilliseconds;)
        {
            found = await _connect(HostPort.FromAddress(member.Address)).ConfigureAwait(false);
            switch (found)
            {
                case SocketError.Success: (absences, presences) = (0, presences + 1); break;
                case SocketError.ConnectionRefused: (absences, presences) = (absences + 1, 0); break;
                case SocketError.HostNotFound when nameMayBeGone: (absences, presences) = (absences + 1, 0); break;
                default: (absences, presences) = (0, 0); break;
            }

            if (presences == PresencesNeeded)
                break;
            if (absences == AbsencesNeeded)
                return new ProbeResult(member, true, found, await FindReachableAsync(others).ConfigureAwait(false));
            await Task.Delay(presences > 0 ? PresenceInterval : ProbeInterval).ConfigureAwait(false);
        }

        return new ProbeResult(member, false, found, []);
    }

    private async Task<ImmutableArray<Address>> FindReachableAsync(ImmutableArray<Address> others)
    {
        var answers = await Task.WhenAll(others.Select(other => _connect(HostPort.FromAddress(other)))).ConfigureAwait(false);
        return [.. others.Where((_, i) => answers[i] == SocketError.Success)];
    }

    private sealed record ProbeResult(UniqueAddress Member, bool IsCrashed, SocketError LastError, ImmutableArray<Address> Reachable);
}
