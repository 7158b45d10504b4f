using System.Collections.Immutable;
using System.Net.Sockets;
using Actors.Remoting;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// Tells a member that was killed from one that cannot be reached. Where a connection breaks and the port refuses to be connected to, or the name is gone with its container, no program
/// listens there any more: nothing need be waited for, and a coordinator's pools go on elsewhere in a second or two. Everything else (silence, a partition, a machine that is
/// gone) is for the failure detector and the split-brain resolver, which wait until nobody comes or goes. Only who reaches a majority of the coordinators may say so; whoever is
/// wrong about it cannot write, for the journal has another writer then.
/// </summary>
internal sealed class CrashedMembersActor : ReceiveActor
{
    /// <summary>How long a peer is looked at after its connection broke: longer than the system takes to close the sockets of a dead process.</summary>
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Absent so often in a row: a program that is just being started again listens by then.</summary>
    private const int AbsencesNeeded = 3;

    /// <summary>It answers so often in a row: the system closes the sockets of a dead process one after the other, and the one that it listened on may be the last.</summary>
    private const int PresencesNeeded = 3;
    private static readonly TimeSpan PresenceInterval = TimeSpan.FromMilliseconds(200);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Func<HostPort, Task<SocketError>> _connect;
    private readonly HashSet<Address> _probing = [];

    public CrashedMembersActor()
        : this(at => PortProbe.ProbePortAsync(at, ConnectTimeout))
    {
    }

    /// <summary>The same with another way to find out whether anybody listens somewhere.</summary>
    public CrashedMembersActor(Func<HostPort, Task<SocketError>> connect)
    {
        _connect = connect;
        Receive<DisassociatedEvent>(broken => StartProbe(broken.RemoteAddress));
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
        ProbeMemberAsync(member.UniqueAddress, nameMayBeGone, [.. GetOtherCoordinators(address).Select(other => other.Address)]).PipeTo(Self);
    }

    private void OnProbed(ProbeResult result)
    {
        var address = result.Member.Address;
        _probing.Remove(address);
        // By now another may have taken the place of the one that was looked at.
        if (FindMember(address) is not { } member || !member.UniqueAddress.Equals(result.Member))
            return;
        if (!result.IsCrashed)
        {
            LogNotDowned(member, $"broke its connection, and is there or cannot be seen: {result.LastError}");
            return;
        }

        // As this one hears them: what the dead one last said of the others does not count. And they answer now, or it is this one that is cut off.
        var here = GetOtherCoordinators(address).Count(member => IsReachable(member.Address) && result.Reachable.Contains(member.Address));
        if (FindMember(_cluster.SelfAddress) is not null)
            here++;
        if (2 * here > GetActiveMembers().Count())
            _cluster.Down(address);
        else
            LogNotDowned(member, $"is gone ({result.LastError}), and too few coordinators answer here to say so: {here}");
    }

    /// <summary>Why it takes longer until this one is given up than it could.</summary>
    private static void LogNotDowned(Member member, string text) => Context.System.EventStream.Publish(new LogEvent($"coordinator {HostPort.FromAddress(member.Address)} {text}"));

    private Member? FindMember(Address address) => GetActiveMembers().FirstOrDefault(member => member.Address.Equals(address));

    private bool IsReachable(Address address) => _cluster.FailureDetector.IsAvailable(address);

    private IEnumerable<Member> GetOtherCoordinators(Address address) =>
        GetActiveMembers().Where(member => !member.Address.Equals(address) && !member.Address.Equals(_cluster.SelfAddress));

    private IEnumerable<Member> GetActiveMembers() =>
        _cluster.State.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting);

    /// <param name="member">At whom.</param>
    /// <param name="nameMayBeGone">
    /// Whether a name that is not found means something: the coordinator was there until it closed the connection. A connection that breaks after a silence says
    /// nothing of who was silent.
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
