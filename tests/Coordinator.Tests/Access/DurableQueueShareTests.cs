using System.Text;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>One client uses ever new names of durable queues. Each is loaded, and takes memory of all durable pools and queues.</summary>
public sealed class DurableQueueShareTests : CoordinatorTestKit
{
    private const string Settings = """
        actors {
          client-limits {
            pools = 9, job-memory = 1MiB, objects = 9, object-memory = 1MiB, waiting-calls = 999, durable-queues = 10000
            unread-answers = 1MiB, total-memory = 0
          }
          durable-limits { memory = 1MiB, memory-each = 0, store-space = 0, store-check-interval = 10s }
        }
        """;

    private readonly TestProbe _hostile;
    private readonly TestProbe _other;
    private readonly IActorRef _relay;

    public DurableQueueShareTests() : base(space: 1 << 20, Settings)
    {
        (_hostile, _other) = (CreateProbe(StartSystem()), CreateProbe(StartSystem()));
        var plugins = new JournalPlugins("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");
        var objects = Home.ActorOf(Props.Create(() => new DurableObjectsActor(plugins, $"{Guid.NewGuid():N}")));
        _relay = Home.ActorOf(Props.Create(() => new DurableRelayActor(objects)), "relay");
    }

    [Fact]
    public void Calls_OneClientUsesManyNames_PutsOfOthersAreAccepted()
    {
        var caller = CallerId.New();
        var replies = Enumerable.Range(0, 40).Select(queue => Call(_hostile, caller, $"{queue}", 1, ObjectOperation.Count)).ToList();
        // Half of 1 MiB, and 32 KiB for each queue.
        Assert.All(replies.Skip(16), reply => Assert.Equal(ObjectStatus.OverLimit, reply.Status));
        Assert.All(replies.Take(16), reply => Assert.NotEqual(ObjectStatus.OverLimit, reply.Status));
        Assert.Contains("actors.durable-limits.memory ", Encoding.UTF8.GetString(replies[^1].Payloads[0].Span), StringComparison.Ordinal);

        var honest = CallerId.New();
        var spec = new DurableObjectSpec("queue", ObjectKind.Queue, "T").ToPayload();
        Assert.Equal(ObjectStatus.Ok, Call(_other, honest, "queue", 1, ObjectOperation.Open, spec).Status);
        Assert.Equal(ObjectStatus.Ok, Call(_other, honest, "queue", 2, ObjectOperation.Put, new byte[100 << 10]).Status);
    }

    private ObjectReply Call(
        TestProbe client, CallerId caller, string queue, long call, ObjectOperation operation, ReadOnlyMemory<byte> payload = default)
    {
        var id = ObjectId.FromDurableName(queue, 0);
        Seen(_relay, client.Sys).Tell(
            new DurableObjectProtocol.CallDurableObject(
                id, caller, call, new ObjectCall(id, call, operation, -1, 0, payload.IsEmpty ? [] : [payload])),
            client);
        return client.ExpectMsg<DurableObjectProtocol.DurableObjectReply>(Patience).Reply;
    }
}
