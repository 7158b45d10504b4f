using System.Security.Cryptography;
using System.Text;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Transport;
using Actors.Testing;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Remoting.Tests.Transport;

/// <summary>Peers with a valid key send messages faster than an actor handles them. The connections are real.</summary>
[Collection(RunsAlone.Name)]
public sealed class LinkFlowTests : IAsyncLifetime
{
    private const int Messages = 5000;

    private const int Answers = 200;
    private const int AnswerLength = 1 << 20;

    /// <summary>The limit of messages that wait: those of 64 KiB, and a block of the socket.</summary>
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
        StartActor("slow", () => new SlowActor(handled));
        var system = role == "client" ? _client : _node;
        var (slow, sender) = (Find(system, "slow"), StartSender(system));

        for (var number = 1; number <= Messages; number++)
            slow.Tell(new CoordinatorProtocol.Handshake(number), sender);
        await handled.All.Task.WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(1, Messages), handled.Numbers);
        Assert.InRange(handled.MostWaiting, 1, MostWaiting);
    }

    /// <summary>An actor that does not run holds up its own client only.</summary>
    [Fact]
    public async Task Messages_ActorIsBlocked_OtherClientsAreServed()
    {
        using var gate = new ManualResetEventSlim();
        StartActor("blocked", () => new BlockedActor(gate));
        StartActor("other", () => new AnsweringActor());
        var (blocked, sender) = (Find(_client, "blocked"), StartSender(_client));
        for (var number = 1; number <= Messages; number++)
            blocked.Tell(new CoordinatorProtocol.Handshake(number), sender);

        Assert.Equal(1, await AskAsync(_node, "other", 1));
        gate.Set();
        Assert.Equal(2, await AskAsync(_client, "other", 2));
    }

    /// <summary>The heartbeats of the client wait unread behind its other messages. The coordinator reported its end before.</summary>
    [LongFact]
    public async Task Messages_ActorIsBlocked_ClientIsNotReportedAsEnded()
    {
        using var gate = new ManualResetEventSlim();
        StartActor("blocked", () => new BlockedActor(gate));
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        StartActor("watching", () => new WatchingActor(ended));
        Find(_client, "watching").Tell(
            new CoordinatorProtocol.Handshake(0), _client.ActorOf(Props.Create(() => new AnsweringActor())));
        Assert.Equal(1, await AskAsync(_client, "watching", 1));
        var (blocked, sender) = (Find(_client, "blocked"), StartSender(_client));
        for (var number = 1; number <= Messages; number++)
            blocked.Tell(new CoordinatorProtocol.Handshake(number), sender);

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
        var actor = StartActor("blocked", () => new BlockedActor(gate));
        StartActor("other", () => new AnsweringActor());
        var (blocked, sender) = (Find(_client, "blocked"), StartSender(_client));
        for (var number = 1; number <= Messages; number++)
            blocked.Tell(new CoordinatorProtocol.Handshake(number), sender);

        _coordinator.Stop(actor);
        gate.Set();

        Assert.Equal(2, await AskAsync(_client, "other", 2));
    }

    /// <summary>
    /// A client asks for a large value again and again, and does not read the answers. Each answer was a copy of the value before.
    /// </summary>
    [Fact]
    public async Task Answers_ClientDoesNotRead_AreNotSerialized()
    {
        using var gate = new ManualResetEventSlim();
        var growth = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        StartActor("large", () => new LargeAnswersActor(growth));
        var props = InlineDispatcher.ApplyTo(Props.Create(() => new BlockedReaderActor(gate, all)), _client);
        var reader = _client.ActorOf(props);
        for (var number = 0; number < Answers; number++)
            Find(_client, "large").Tell(new CoordinatorProtocol.Handshake(number), reader);

        Assert.InRange(await growth.Task.WaitAsync(Patience), long.MinValue, (long)Answers * AnswerLength / 2);
        gate.Set();
        await all.Task.WaitAsync(Patience);
    }

    private IActorRef StartActor<TActor>(string name, System.Linq.Expressions.Expression<Func<TActor>> create)
        where TActor : ActorBase => _coordinator.ActorOf(Props.Create(create), FullName(name));

    /// <summary>Starts the sender of messages that no actor answers. A contract without a sender is refused.</summary>
    private static IActorRef StartSender(ActorSystem system) => system.ActorOf(Props.Create(() => new AnsweringActor()));

    private ActorSelection Find(ActorSystem from, string name) => from.ActorSelection(
        new RootActorPath(Endpoints.SystemAddress(from, ActorSystemStarter.GetAddress(_coordinator))) / "user" / FullName(name));

    /// <summary>Returns a name that clients and nodes may send to.</summary>
    private static string FullName(string name) =>
        $"coordinator-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16))}";

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

    /// <summary>Answers with the same value when all requests have arrived, and measures the growth of the heap.</summary>
    private sealed class LargeAnswersActor : ReceiveActor
    {
        private readonly ObjectReply _answer = new(1, ObjectStatus.Ok, 0, [new byte[AnswerLength]]);
        private int _requests;

        public LargeAnswersActor(TaskCompletionSource<long> growth) => Receive<CoordinatorProtocol.Handshake>(_ =>
        {
            if (++_requests < Answers)
                return;
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var number = 0; number < Answers; number++)
                Sender.Tell(_answer);
            growth.SetResult(GC.GetTotalMemory(forceFullCollection: true) - before);
        });
    }

    /// <summary>Runs on the thread of the client's socket, and blocks it.</summary>
    private sealed class BlockedReaderActor : ReceiveActor
    {
        private int _answers;

        public BlockedReaderActor(ManualResetEventSlim gate, TaskCompletionSource all) => Receive<ObjectReply>(_ =>
        {
            gate.Wait();
            if (++_answers == Answers)
                all.SetResult();
        });
    }

    private sealed class AnsweringActor : ReceiveActor
    {
        public AnsweringActor() => Receive<CoordinatorProtocol.Handshake>(
            hello => Sender.Tell(new CoordinatorProtocol.HandshakeReply(hello.Version, "", "")));
    }
}
