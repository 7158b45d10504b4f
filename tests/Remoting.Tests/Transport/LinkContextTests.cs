using System.Net;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Microsoft.Extensions.Time.Testing;

namespace Actors.Remoting.Tests.Transport;

/// <summary>The watches of a disconnected program, with a real actor that is watched.</summary>
public sealed class LinkContextTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly LinkSource Source = new(IPAddress.Parse("10.0.0.2"));

    private readonly FakeTimeProvider _clock = new();

    private readonly ActorSystem _system = ActorSystem.Create("actors", """
        akka { actor.provider = remote, loglevel = OFF, stdout-loglevel = OFF }
        akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
        """);

    private ExtendedActorSystem System => (ExtendedActorSystem)_system;

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DisposeAsync() => _system.Terminate();

    /// <summary>
    /// The framework kept the watches of each connection for ever: a client that watched, disconnected and connected again filled the
    /// memory.
    /// </summary>
    [Fact]
    public async Task GetWatches_ProgramIsDisconnected_FrameworkForgetsItsWatches()
    {
        var proven = new ProvenLinks(int.MaxValue, int.MaxValue, _clock);
        var own = System.Provider.DefaultAddress;
        var context = new LinkContext(
            LinkRole.Coordinator, new Address("tcp", own.System, own.Host, own.Port), proven, _system.Log, null, System, 1, 1,
            new LinkShares(), null!, 1, null, _ => Task.FromResult<LinkRefusal?>(null));
        var watched = (IInternalActorRef)_system.ActorOf(Props.Create(() => new WatchedActor()), "watched");
        var (gone, other) = (new RecordingRef(System, 40_000), new RecordingRef(System, 40_001));
        foreach (var watcher in new[] { gone, other })
            watched.SendSystemMessage(new Watch(watched, watcher));

        proven.TryAdd(CreatePeer(40_000), Source);
        context.GetWatches(CreatePeer(40_000)).TryAdd("/user/watched", "/user/watched"u8, "/user/watcher"u8);
        proven.RemoveLink(CreatePeer(40_000), Source);
        _clock.Advance(ProvenLinks.Reservation);
        proven.TryAdd(CreatePeer(40_001), Source);

        // Behind the end of the address.
        await watched.Ask<ActorIdentity>(new Identify(1), Patience);
        _system.Stop(watched);
        await _system.Terminate();
        Assert.True(other.IsNotified);
        Assert.False(gone.IsNotified);
    }

    private static LinkPeer CreatePeer(int port) =>
        new(LinkRole.Client, new HostPort("10.0.0.2", port), BitConverter.GetBytes((long)port).Concat(new byte[8]).ToArray());

    private sealed class WatchedActor : ReceiveActor;

    /// <summary>An actor of another program that watches.</summary>
    private sealed class RecordingRef(ExtendedActorSystem system, int port) : MinimalActorRef
    {
        public bool IsNotified { get; private set; }

        public override ActorPath Path { get; } =
            new RootActorPath(new Address("akka.tcp", "actors", "10.0.0.2", port)) / "user" / "watcher";

        public override IActorRefProvider Provider => system.Provider;

        public override void SendSystemMessage(ISystemMessage message) => IsNotified |= message is DeathWatchNotification;
    }
}
