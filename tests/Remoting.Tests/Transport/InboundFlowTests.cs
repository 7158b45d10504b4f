using Actors.Messages;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Actors.Testing;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Remoting.Tests.Transport;

/// <summary>Peers with a valid key send messages faster than an actor handles them. The connections are real.</summary>
public sealed class InboundFlowTests : IAsyncLifetime
{
    private const int Messages = 5000;

    /// <summary>The limit of messages that wait: 64 KiB in messages of at least 512 bytes, and a block of the socket.</summary>
    private const int MostWaiting = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly HostPort Any = new("127.0.0.1", 0);
    private static readonly LinkKeys Keys = new(AccessKey.FromBytes("a key"u8.ToArray()));

    private readonly ActorSystem _coordinator = ActorSystemStarter.Start(
        ConfigurationFactory.ParseString($"{LinkLimits.UnhandledSetting} = 64KiB")
            .WithFallback(RoleConfiguration.CreateCoordinator(Any, [Any], null)),
        new LinkIdentity(Keys, null, []));

    private readonly ActorSystem _client = ActorSystemStarter.Start(RoleConfiguration.CreateClient(), new LinkIdentity(Keys, null, []));

    private readonly ActorSystem _node =
        ActorSystemStarter.Start(RoleConfiguration.CreateWorkerNode(Any, null), new LinkIdentity(Keys, null, []));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.WhenAll(_client.Terminate(), _node.Terminate(), _coordinator.Terminate());

    /// <summary>Before the limit existed, thousands of messages were in the mailbox.</summary>
    [Theory]
    [InlineData("client")]
    [InlineData("node")]
    public async Task Messages_FasterThanTheirActor_WaitInTheConnection(string role)
    {
        var handled = new Handled();
        StartActor("coordinator-slow", () => new SlowActor(handled));
        var slow = Find(role == "client" ? _client : _node, "coordinator-slow");

        for (var number = 1; number <= Messages; number++)
            slow.Tell(new CoordinatorProtocol.Handshake(number));
        await handled.All.Task.WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(1, Messages), handled.Numbers);
        Assert.InRange(handled.MostWaiting, 1, MostWaiting);
    }

    /// <summary>An actor that does not run holds up its own client only.</summary>
    [Fact]
    public async Task Messages_ActorIsBlocked_OtherClientsAreServed()
    {
        using var gate = new ManualResetEventSlim();
        StartActor("coordinator-blocked", () => new BlockedActor(gate));
        StartActor("coordinator-other", () => new AnsweringActor());
        var blocked = Find(_client, "coordinator-blocked");
        for (var number = 1; number <= Messages; number++)
            blocked.Tell(new CoordinatorProtocol.Handshake(number));

        Assert.Equal(1, await AskAsync(_node, "coordinator-other", 1));
        gate.Set();
        Assert.Equal(2, await AskAsync(_client, "coordinator-other", 2));
    }

    /// <summary>The heartbeats of the client wait unread behind its other messages. The coordinator reported its end before.</summary>
    [LongFact]
    public async Task Messages_ActorIsBlocked_ClientIsNotReportedAsEnded()
    {
        using var gate = new ManualResetEventSlim();
        StartActor("coordinator-blocked", () => new BlockedActor(gate));
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        StartActor("coordinator-watching", () => new WatchingActor(ended));
        Find(_client, "coordinator-watching").Tell(
            new CoordinatorProtocol.Handshake(0), _client.ActorOf(Props.Create(() => new AnsweringActor())));
        Assert.Equal(1, await AskAsync(_client, "coordinator-watching", 1));
        var blocked = Find(_client, "coordinator-blocked");
        for (var number = 1; number <= Messages; number++)
            blocked.Tell(new CoordinatorProtocol.Handshake(number));

        var silence = _coordinator.Settings.Config.GetTimeSpan("akka.remote.watch-failure-detector.acceptable-heartbeat-pause");
        await Assert.ThrowsAsync<TimeoutException>(() => ended.Task.WaitAsync(2 * silence));

        gate.Set();
        await _client.Terminate();
        await ended.Task.WaitAsync(Patience);
    }

    /// <summary>The messages of an ended actor count as handled.</summary>
    [Fact]
    public async Task Messages_ActorEnds_ConnectionIsReadAgain()
    {
        using var gate = new ManualResetEventSlim();
        var actor = StartActor("coordinator-blocked", () => new BlockedActor(gate));
        StartActor("coordinator-other", () => new AnsweringActor());
        var blocked = Find(_client, "coordinator-blocked");
        for (var number = 1; number <= Messages; number++)
            blocked.Tell(new CoordinatorProtocol.Handshake(number));

        _coordinator.Stop(actor);
        gate.Set();

        Assert.Equal(2, await AskAsync(_client, "coordinator-other", 2));
    }

    private IActorRef StartActor<TActor>(string name, System.Linq.Expressions.Expression<Func<TActor>> create)
        where TActor : ActorBase => _coordinator.ActorOf(Props.Create(create), name);

    private ActorSelection Find(ActorSystem from, string name) => from.ActorSelection(
        new RootActorPath(Endpoints.SystemAddress(from, ActorSystemStarter.GetAddress(_coordinator))) / "user" / name);

    private async Task<int> AskAsync(ActorSystem from, string name, int number) =>
        (await Find(from, name).Ask<CoordinatorProtocol.HandshakeReply>(new CoordinatorProtocol.Handshake(number), Patience)).Version;

    private sealed class Handled
    {
        public TaskCompletionSource All { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<int> Numbers { get; } = [];

        public int MostWaiting { get; set; }
    }

    private sealed class SlowActor : ReceiveActor
    {
        private static readonly TimeSpan Work = TimeSpan.FromMicroseconds(200);

        public SlowActor(Handled handled) => Receive<CoordinatorProtocol.Handshake>(message =>
        {
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            while (System.Diagnostics.Stopwatch.GetElapsedTime(began) < Work)
                Thread.SpinWait(100);
            handled.MostWaiting = Math.Max(handled.MostWaiting, ((ActorCell)Context).NumberOfMessages);
            handled.Numbers.Add(message.Version);
            if (handled.Numbers.Count == Messages)
                handled.All.SetResult();
        });
    }

    private sealed class BlockedActor : ReceiveActor
    {
        public BlockedActor(ManualResetEventSlim gate) => Receive<CoordinatorProtocol.Handshake>(_ => gate.Wait());
    }

    /// <summary>Watches the sender of the first message, and answers the second.</summary>
    private sealed class WatchingActor : ReceiveActor
    {
        public WatchingActor(TaskCompletionSource ended)
        {
            Receive<CoordinatorProtocol.Handshake>(hello => hello.Version == 0, _ => Context.Watch(Sender));
            Receive<CoordinatorProtocol.Handshake>(
                hello => Sender.Tell(new CoordinatorProtocol.HandshakeReply(hello.Version, "", "")));
            Receive<Terminated>(_ => ended.TrySetResult());
        }
    }

    private sealed class AnsweringActor : ReceiveActor
    {
        public AnsweringActor() => Receive<CoordinatorProtocol.Handshake>(
            hello => Sender.Tell(new CoordinatorProtocol.HandshakeReply(hello.Version, "", "")));
    }
}
