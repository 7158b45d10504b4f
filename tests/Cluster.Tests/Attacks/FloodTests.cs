using System.Diagnostics;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Transport;
using Akka.Actor;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>
/// A client with a valid key sends requests as fast as it can and does not read the answers. The coordinator needs little more memory, and
/// jobs and managed objects of another program work as before.
/// </summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    private const long PermittedGrowth = 400L << 20;
    private const int LargeValue = 8 << 20;

    private static readonly ReadOnlyMemory<byte> Item = new byte[] { 1 };
    private static readonly TimeSpan FloodTime = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData("lists", 200_000)]
    [InlineData("values", 100_000)]
    [InlineData("arrays", 100_000)]
    [InlineData("pages", 100_000)]
    [InlineData("names", 400)]
    [InlineData("searches", 400_000)]
    public async Task Requests_SentWithoutEnd_HarmNobodyElse(string kind, int requests)
    {
        await using var cluster = new TestCluster();
        var coordinator = await cluster.StartCoordinatorAsync();
        await cluster.StartNodeAsync(1);
        await using var honest = await ProcessPool.StartAsync(1, connect: cluster.Address);
        await cluster.DoneAsync(honest.ApplyAsync(Functions.Square, 2));
        await using var manager = await Manager.StartAsync(cluster.Address);
        var queue = await manager.CreateQueueAsync<int>();
        using var gate = new ManualResetEventSlim();
        var attacker = ActorSystemStarter.Start(RoleConfiguration.CreateClient(), new LinkIdentity(new LinkKeys(null), null, []));
        try
        {
            var target = await PrepareAsync(attacker, cluster, kind);
            var before = ProcessStatus.ResidentBytes(coordinator.Id);
            var deaf = attacker.ActorOf(InlineDispatcher.ApplyTo(Props.Create(() => new DeafActor(gate)), attacker));
            for (var request = 0; request < requests; request++)
                target.Actor.Tell(target.Request, deaf);

            var (job, call, most, began) = (TimeSpan.Zero, TimeSpan.Zero, 0L, Stopwatch.GetTimestamp());
            while (Stopwatch.GetElapsedTime(began) < FloodTime)
            {
                job = Longer(job, await MeasureAsync(async () =>
                    Assert.Equal(9, await cluster.DoneAsync(honest.ApplyAsync(Functions.Square, 3)))));
                call = Longer(call, await MeasureAsync(() => queue.PutAsync(1)));
                most = Math.Max(most, ProcessStatus.ResidentBytes(coordinator.Id));
            }

            output.WriteLine(
                $"{kind}: slowest job {job.TotalMilliseconds:F0} ms, slowest call {call.TotalMilliseconds:F0} ms; coordinator "
                + $"{before >> 20} to {most >> 20} MiB");
            Assert.True(Longer(job, call) < Longest, $"A job took {job}, a call {call}.");
            Assert.InRange(most - before, long.MinValue, PermittedGrowth);
        }
        finally
        {
            gate.Set();
            await attacker.Terminate();
        }
    }

    /// <summary>Connects, and creates the objects that the requests concern.</summary>
    private static async Task<(ICanTell Actor, object Request)> PrepareAsync(ActorSystem attacker, TestCluster cluster, string kind)
    {
        var at = Endpoints.SystemAddress(attacker, new HostPort("127.0.0.1", cluster.Port));
        var hello = await attacker.ActorSelection(Endpoints.CoordinatorPath(at))
            .Ask<CoordinatorProtocol.HandshakeReply>(new CoordinatorProtocol.Handshake(CoordinatorProtocol.Version), Patience);
        var objects = attacker.ActorSelection(Endpoints.CoordinatorPath(at, hello.Name) / "objects");
        // An object ends with its creator.
        var maker = attacker.ActorOf(Props.Create(() => new MakerActor(objects)));
        var id = ObjectId.New();
        switch (kind)
        {
            case "lists":
                for (var queue = 0; queue < 1000; queue++)
                    await CreateAsync(ObjectKind.Queue, [], ObjectId.New());
                await CreateAsync(ObjectKind.Queue, []);
                return (objects, new ObjectProtocol.ListObjects(AreLocks: false));
            case "searches":
                await CreateAsync(ObjectKind.List, []);
                for (var page = 0; page < 150; page++)
                    objects.Tell(new ObjectCall(id, 0, ObjectOperation.ListAdd, -1, 0, [.. Enumerable.Repeat(Item, 2000)]), maker);
                return (objects, new ObjectCall(id, 1, ObjectOperation.ListCountOf, -1, 0, [new byte[] { 2 }]));
            case "arrays":
                await CreateAsync(ObjectKind.Bytes, []);
                return (objects, new BytesRead(0, BytesRead.MaxCount).ToCall(id, 1));
            case "pages":
                await CreateAsync(ObjectKind.List, []);
                for (var page = 0; page < 50; page++)
                    objects.Tell(new ObjectCall(id, 0, ObjectOperation.ListAdd, -1, 0, [.. Enumerable.Repeat(Item[..0], 2000)]), maker);
                return (objects, new ObjectCall(id, 1, ObjectOperation.ListPage, -1, 0, []));
            case "values":
                await CreateAsync(ObjectKind.Value, new byte[LargeValue]);
                return (objects, new ObjectCall(id, 1, ObjectOperation.GetValue, -1, 0, []));
            default:
                return (attacker.ActorSelection(Endpoints.CoordinatorPath(at, hello.Name) / "names"),
                    new ObjectProtocol.FindNamedObject(new string('n', 1 << 20)));
        }

        Task CreateAsync(ObjectKind what, byte[] value, ObjectId? another = null) => maker.Ask<ObjectProtocol.ObjectCreated>(
            new ObjectProtocol.CreateManagedObject(
                another ?? id, what, what == ObjectKind.Bytes ? LargeValue : 0, what == ObjectKind.Value ? [value] : []),
            Patience);
    }

    private static async Task<TimeSpan> MeasureAsync(Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start);
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>Creates objects for others.</summary>
    private sealed class MakerActor : ReceiveActor
    {
        public MakerActor(ICanTell objects)
        {
            IActorRef asker = ActorRefs.Nobody;
            Receive<ObjectProtocol.CreateManagedObject>(create =>
            {
                asker = Sender;
                objects.Tell(create, Self);
            });
            Receive<ObjectProtocol.ObjectCreated>(created => asker.Tell(created));
            ReceiveAny(_ => { });
        }
    }

    /// <summary>Blocks the thread of the socket at the first answer.</summary>
    private sealed class DeafActor : ReceiveActor
    {
        public DeafActor(ManualResetEventSlim gate) => ReceiveAny(_ => gate.Wait());
    }
}
