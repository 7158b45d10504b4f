using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Pools;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>A program connects again and again as another client, and leaves objects behind.</summary>
public sealed class ClientMemoryTests : CoordinatorTestKit
{
    private const string Limits = """
        actors.client-limits {
          pools = 9, job-memory = 1GiB, objects = 9, object-memory = 1GiB, waiting-calls = 9, durable-queues = 9, unread-answers = 1GiB,
          total-memory = 1MiB
        }
        """;

    public ClientMemoryTests() : base(space: 1 << 20, Limits)
    {
    }

    [Fact]
    public async Task NamedObjects_OfClientsThatHaveLeft_CountTowardTheTotal()
    {
        var refusals = new List<string?>();
        for (var client = 0; client < 3; client++)
        {
            var (system, probe) = StartClient();
            refusals.Add(Publish(probe, $"{client}", length: 400 << 10));
            await system.Terminate();
        }

        Assert.Equal([true, true, false], refusals.Select(refusal => refusal is null));
        Assert.Contains("actors.client-limits.total-memory", refusals[2], StringComparison.Ordinal);
        Assert.Contains("The clients of this coordinator", refusals[2], StringComparison.Ordinal);

        // Jobs need the same memory.
        var (_, other) = StartClient();
        var pool = OpenPool(other.Sys, other);
        Assert.Contains("actors.client-limits.total-memory", Submit(pool, other, 1), StringComparison.Ordinal);
    }

    /// <summary>The other half is for others.</summary>
    [Fact]
    public void CreateObject_MoreThanHalfOfTheTotal_IsRefusedForOneClient()
    {
        var (_, hostile) = StartClient();
        Assert.Null(Publish(hostile, "first", length: 400 << 10));
        Assert.Contains("actors.client-limits.total-memory", Publish(hostile, "second", length: 200 << 10), StringComparison.Ordinal);

        var (_, other) = StartClient();
        Assert.Null(Publish(other, "other", length: 400 << 10));
    }

    /// <summary>Objects without a creator that contain each other stayed until the coordinator ended.</summary>
    [Fact]
    public void CreateObject_SenderIsTemporary_EndsWithIt()
    {
        var ((_, hostile), (_, other)) = (StartClient(), StartClient());
        var ids = new[] { ObjectId.New(), ObjectId.New() };
        var coordinator = Seen(CoordinatorActor, hostile.Sys);
        var asked = Task.WhenAll(ids.Select(id => coordinator.Ask<ObjectProtocol.ObjectCreated>(
            new ObjectProtocol.CreateManagedObject(id, ObjectKind.Queue, 0, []), Patience)));
        foreach (var (container, contained) in new[] { (ids[0], ids[1]), (ids[1], ids[0]) })
            coordinator.Tell(new ObjectContain([contained]).ToCall(container), hostile);

        AwaitAssert(() => Assert.True(asked.IsCompletedSuccessfully), Patience);
        AwaitAssert(
            () => Assert.All(ids, id =>
            {
                Seen(CoordinatorActor, other.Sys).Tell(new ObjectCall(id, 1, ObjectOperation.Count, -1, 0, []), other);
                Assert.Equal(ObjectStatus.NoSuchObject, other.ExpectMsg<ObjectReply>(Patience).Status);
            }),
            Patience);
    }

    private (ActorSystem System, TestProbe Probe) StartClient()
    {
        var system = StartSystem();
        return (system, CreateProbe(system));
    }

    /// <summary>Creates an object with a name.</summary>
    /// <returns>The reason of the refusal; null for none.</returns>
    private string? Publish(TestProbe client, string name, int length)
    {
        var (id, coordinator) = (ObjectId.New(), Seen(CoordinatorActor, client.Sys));
        coordinator.Tell(new ObjectProtocol.CreateManagedObject(id, ObjectKind.Value, 0, [new byte[length]]), client);
        if (client.ExpectMsg<object>(Patience) is ObjectProtocol.ObjectRefused refused)
            return refused.Reason;
        coordinator.Tell(new ObjectProtocol.PublishObject(name, [id], "value", new byte[] { 1 }), client);
        return client.ExpectMsg<ObjectProtocol.NamedObjectReply>(Patience).Refusal;
    }

    /// <returns>The reason of the refusal; null for none.</returns>
    private static string? Submit(IActorRef pool, TestProbe client, long number)
    {
        var job = new JobSpec(new JobId(number), new FunctionRef("f", new byte[] { 1 }), new byte[400 << 10], JobPolicy.Once);
        pool.Tell(new PoolProtocol.SubmitJobs([job], WantsReply: true, number), client);
        return client.FishForMessage(message => message is PoolProtocol.JobsAccepted or PoolProtocol.JobsEnded, Patience)
            is PoolProtocol.JobsEnded ended
            ? FailureConverter.ToException(ended.Outcomes.Single().Failure!, "test").Message
            : null;
    }
}
