using System.Collections.Immutable;
using Actors.Client.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Pools;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Client.Tests.Access;

/// <summary>Messages to a client's actors that do not come from its coordinator, or its pool.</summary>
public sealed class ForeignSenderTests : PatientTestKit
{
    /// <summary>Over the wire: client, coordinator, and a third process that knows the path of the client's actor.</summary>
    [Fact]
    public async Task Pool_OutcomesFromAnotherProcess_AreRefused()
    {
        using var client = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        using var home = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        using var elsewhere = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        var (pool, attacker, refusals) = (
            new TestProbe(home, Assertions), new TestProbe(elsewhere, Assertions), new TestProbe(client, Assertions));
        pool.IgnoreMessages(message => message is PoolProtocol.ComparePool or PoolProtocol.AcknowledgeJobsEnded);
        client.EventStream.Subscribe(refusals, typeof(MessageRefused));
        var coordinator = Seen(client, home, pool);
        var options = new PoolOptions();
        var opening = PoolSession.OpenAsync(
            new FakeRuntime(client, coordinator), ProcessPool.CreateSpec(1, BundleId.ThisProcess, options), options, null,
            CancellationToken.None);
        var open = pool.ExpectMsg<PoolProtocol.OpenPool>();
        var session = pool.LastSender;
        Assert.Matches("/pool-[0-9a-f]{32}$", session.Path.ToStringWithoutAddress());
        pool.Reply(new PoolProtocol.PoolOpened(open.Pool, default, IsClosed: false));
        var job = Submit(await opening);
        pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        var forged = ((ExtendedActorSystem)elsewhere).Provider.ResolveActorRef(session.Path);

        IWireMessage[] attacks =
        [
            Ended(666), new PoolProtocol.PoolFailed(FailureInfo.FromMessage("E", "forged")), new PoolProtocol.PoolFinished(1),
            new PoolProtocol.PoolInterrupted("forged"),
            new PoolProtocol.PoolRefused(open.Pool, "forged"), new PoolProtocol.PoolOpened(open.Pool, default, IsClosed: true),
            new PoolProtocol.JobsAccepted(1),
            new PoolProtocol.KeyedJobsAccepted(1, []),
            new PoolProtocol.PoolFound(open.Pool, attacker.Ref.Path.ToString()), new PoolProtocol.JobsNotWithdrawn([new JobId(1)]),
            new PoolProtocol.QueryJobReply(new JobId(1), true),
            new PoolProtocol.ComparePoolReply(1, 1, PoolProtocol.PoolEnding.Ending), new PoolProtocol.MapProgressReport(new JobId(1), 1),
            new PoolProtocol.WorkerStarted(ExecutorId.New(), "node", 1), new PoolProtocol.WorkerOutput(
                ExecutorId.New(), true, new byte[] { 65 }),
        ];
        foreach (var attack in attacks)
        {
            forged.Tell(attack, attacker);
            Assert.IsType(attack.GetType(), refusals.ExpectMsg<MessageRefused>().Message);
        }

        pool.Reply(Ended(10));
        Assert.Equal(10, await job.Task);
        await Task.WhenAll(client.Terminate(), home.Terminate(), elsewhere.Terminate()).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Pool_OutcomesFromAnotherActorOfTheCoordinator_AreRefused()
    {
        var (pool, other) = (CreateTestProbe(), CreateTestProbe());
        pool.IgnoreMessages(message => message is PoolProtocol.ComparePool or PoolProtocol.AcknowledgeJobsEnded);
        var options = new PoolOptions();
        var opening = PoolSession.OpenAsync(
            new FakeRuntime(Sys, pool), ProcessPool.CreateSpec(1, BundleId.ThisProcess, options), options, null, CancellationToken.None);
        var open = pool.ExpectMsg<PoolProtocol.OpenPool>();
        var session = pool.LastSender;
        pool.Reply(new PoolProtocol.PoolOpened(open.Pool, default, IsClosed: false));
        var job = Submit(await opening);
        pool.ExpectMsg<PoolProtocol.SubmitJobs>();

        session.Tell(Ended(666), other);
        session.Tell(Ended(667), ActorRefs.NoSender);
        session.Tell(Ended(10), pool);

        Assert.Equal(10, await job.Task);
    }

    [Fact]
    public async Task ObjectCall_ReplyFromAnotherMachine_IsIgnored()
    {
        var coordinator = new FarRef("coordinator", 1, TestActor);
        var channel = new ActorObjectChannel(Sys, coordinator, TestActor, "home");
        var answer = channel.CallAsync(
            ObjectId.New(), ObjectOperation.Count, -1, 0, ImmutableArray<ReadOnlyMemory<byte>>.Empty, CancellationToken.None).AsTask();
        var call = ExpectMsg<ObjectCall>();
        var session = LastSender;

        session.Tell(new ObjectReply(call.Call, ObjectStatus.Ok, 666, []), new FarRef("coordinator", 2));
        session.Tell(new ObjectReply(call.Call, ObjectStatus.Ok, 1, []), new FarRef("object", 1));

        Assert.Equal(1, (await answer).Number);
    }

    [Fact]
    public async Task Request_ReplyFromAnotherProcess_IsIgnored()
    {
        using var client = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        using var home = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        using var elsewhere = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        var (asked, attacker) = (new TestProbe(home, Assertions), new TestProbe(elsewhere, Assertions));
        var answer = PeerAsk.AskAsync<ObjectProtocol.NamedObjectReply>(
            Seen(client, home, asked), new ObjectProtocol.FindNamedObject("name"), TimeSpan.FromSeconds(30));
        asked.ExpectMsg<ObjectProtocol.FindNamedObject>();
        var path = asked.LastSender.Path;
        Assert.Matches("/temp/answer-[0-9a-f]{32}$", path.ToStringWithoutAddress());
        var refusals = new TestProbe(client, Assertions);
        client.EventStream.Subscribe(refusals, typeof(MessageRefused));

        ((ExtendedActorSystem)elsewhere).Provider.ResolveActorRef(path)
            .Tell(new ObjectProtocol.NamedObjectReply("name", "forged", default), attacker);
        refusals.ExpectMsg<MessageRefused>();
        asked.Reply(new ObjectProtocol.NamedObjectReply("name", "type", default));

        Assert.Equal("type", (await answer).Type);
        await Task.WhenAll(client.Terminate(), home.Terminate(), elsewhere.Terminate()).WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>An actor of one system as another sees it.</summary>
    private static IActorRef Seen(ActorSystem from, ActorSystem home, IActorRef actor) =>
        ((ExtendedActorSystem)from).Provider.ResolveActorRef(
            new RootActorPath(((ExtendedActorSystem)home).Provider.DefaultAddress) / actor.Path.Elements);

    private static JobHandle<int> Submit(PoolSession session)
    {
        var job = new JobHandle<int>(new JobControl(session, null));
        session.SubmitJob(job.Pending, CallEncoder.PrepareCall(TenTimes, 1), new JobPolicy(0, 3), CancellationToken.None);
        return job;
    }

    private static int TenTimes(int x) => 10 * x;

    private static PoolProtocol.JobsEnded Ended(int result) =>
        new([new JobOutcome(new JobId(1), JobStatus.Succeeded, ValueSerializer.ToBytes(result, out _), null, 1)]);
}
