using System.Net.Sockets;
using Actors.Remoting;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// Tells a member that was killed from one that cannot be reached. Where a connection breaks and the port refuses to be connected to, no program listens
/// there any more: nothing need be waited for, and a coordinator's pools go on elsewhere in a second or two. Everything else (silence, a partition, a machine that is
/// gone) is for the failure detector and the split-brain resolver, which wait until nobody comes or goes. Only a majority of the coordinators may say so; whoever is
/// wrong about it cannot write, for the journal has another writer then.
/// </summary>
internal sealed class CrashedMembersActor : ReceiveActor
{
    /// <summary>How long a peer is looked at after its connection broke: longer than the system takes to close the sockets of a dead process.</summary>
    private static readonly TimeSpan LookFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Refused so often in a row: a program that is just being started again listens by then.</summary>
    private const int RefusalsNeeded = 3;

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly HashSet<Address> _looking = [];

    public CrashedMembersActor()
    {
        Receive<DisassociatedEvent>(broken => Look(broken.RemoteAddress));
        Receive<Looked>(Judge);
    }

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void Look(Address address)
    {
        if (!Members().Any(member => member.Address.Equals(address)) || !_looking.Add(address))
            return;
        LookAsync(address).PipeTo(Self);
    }

    private void Judge(Looked looked)
    {
        _looking.Remove(looked.Address);
        if (!looked.IsCrashed)
            return;
        // As this one hears them: what the dead one last said of the others does not count.
        var coordinators = Members().Where(member => member.HasRole(Endpoints.CoordinatorRole)).ToList();
        var here = coordinators.Count(member => !member.Address.Equals(looked.Address) && _cluster.FailureDetector.IsAvailable(member.Address));
        if (2 * here > coordinators.Count)
            _cluster.Down(looked.Address);
    }

    private IEnumerable<Member> Members() =>
        _cluster.State.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting);

    private static async Task<Looked> LookAsync(Address address)
    {
        var at = new HostPort(address.Host, address.Port ?? 0);
        var refusals = 0;
        for (var since = Environment.TickCount64; Environment.TickCount64 - since < LookFor.TotalMilliseconds;)
        {
            switch (await PortProbe.ConnectAsync(at, ConnectTimeout).ConfigureAwait(false))
            {
                case SocketError.Success: return new Looked(address, false);
                case SocketError.ConnectionRefused when ++refusals == RefusalsNeeded: return new Looked(address, true);
                case SocketError.ConnectionRefused: break;
                default: refusals = 0; break;
            }

            await Task.Delay(LookEvery).ConfigureAwait(false);
        }

        return new Looked(address, false);
    }

    private sealed record Looked(Address Address, bool IsCrashed);
}
