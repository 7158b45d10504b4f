using Actors.Coordinator.Objects;
using Actors.Messages.Objects;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>
/// A client searches for ever more names. Each search of a cluster starts an actor and asks all coordinators, which takes more memory than
/// another waiting call.
/// </summary>
public sealed class NameSearchLimitTests : CoordinatorTestKit
{
    private const string Limits = """
        actors.client-limits {
          pools = 3, job-memory = 1MiB, objects = 5, object-memory = 256KiB, waiting-calls = 2000, durable-queues = 3,
          unread-answers = 64KiB, total-memory = 0
        }
        """;

    public NameSearchLimitTests() : base(space: 1 << 20, Limits)
    {
    }

    [Fact]
    public void Find_ManySearchesWait_IsRefused()
    {
        var (hostileSystem, otherSystem, shards) = (StartSystem(), StartSystem(), CreateProbe(Home));
        var (hostile, other) = (CreateProbe(hostileSystem), CreateProbe(otherSystem));
        var region = shards.Ref;
        var names = Home.ActorOf(Props.Create(() => new NamesActor(ActorRefs.Nobody, region)), "searched-names");

        for (var search = 0; search <= 1000; search++)
            Seen(names, hostileSystem).Tell(new ObjectProtocol.FindNamedObject($"{search}"), hostile);
        Assert.Contains(
            "actors.client-limits.waiting-calls", hostile.ExpectMsg<Status.Failure>(Patience).Cause.Message, StringComparison.Ordinal);
        for (var search = 0; search < 1000; search++)
            shards.ExpectMsg<ObjectProtocol.FindNamedObject>(Patience);
        shards.ExpectNoMsg(TimeSpan.Zero);

        Seen(names, otherSystem).Tell(new ObjectProtocol.FindNamedObject("other"), other);
        Assert.Equal("other", shards.ExpectMsg<ObjectProtocol.FindNamedObject>(Patience).Name);
        shards.Reply(new ObjectProtocol.NamedObjectReply("other", "", default));
        other.ExpectMsg<ObjectProtocol.NamedObjectReply>(Patience);
    }
}
