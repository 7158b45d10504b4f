using Actors.Coordinator.Cluster;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Coordinator.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting.Chaos;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace Actors.Coordinator.Tests.Cluster;

/// <summary>A durable pool in SQLite at a coordinator whose disk fails.</summary>
public sealed class DurablePoolShardsTests : TestKit
{
    private readonly PoolId _id = PoolId.FromName("jobs");
    private readonly DirectoryInfo _folder;
    private readonly DiskFaults _disk;

    public DurablePoolShardsTests()
        : this(Directory.CreateTempSubdirectory("shards-"), new ChaosSetup())
    {
    }

    private DurablePoolShardsTests(DirectoryInfo folder, ChaosSetup faults)
        : base(CreateSystem(StoreIn(folder), faults)) => (_folder, _disk) = (folder, faults.Disk);

    /// <summary>The program has disconnected, and none opens the pool again.</summary>
    [Fact]
    public void Store_FailsWithoutAClient_PoolIsLoadedAgainAndRunsItsJobs()
    {
        var (nodes, client, events) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var region = StartRegion(nodes);
        var pool = OpenPool(region, client);
        client.FishForMessage(message => message is PoolProtocol.PoolOpened, LoneCoordinator.Longest);
        var job = new JobSpec(new JobId(1), new FunctionRef("f", default), default, new JobPolicy(0, 3));
        pool.Tell(new PoolProtocol.SubmitJobs([job], Number: 1), client);
        client.FishForMessage(message => message is PoolProtocol.JobsAccepted, LoneCoordinator.Longest);
        var first = AwaitRequest(nodes);
        Sys.Stop(client);
        Sys.EventStream.Subscribe(events, typeof(DurablePoolEvent));

        _disk.BeginFault(TimeSpan.Zero, failurePercent: 100, seed: 1);
        pool.Tell(new PoolProtocol.CloseDurablePool(_id, CancelsJobs: false), CreateTestProbe());
        AwaitEvent(events, change => change is DurablePoolEvent.Interrupted);
        _disk.EndFault();

        AwaitEvent(events, change => change is DurablePoolEvent.Started { Pending: 1 });
        Assert.NotEqual(first, AwaitRequest(nodes));
    }

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        base.AfterAll();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private static SqliteStore StoreIn(DirectoryInfo folder) => new(Path.Combine(folder.FullName, "jobs.db"));

    private static ActorSystem CreateSystem(SqliteStore store, ChaosSetup faults)
    {
        store.PrepareStore();
        var plugins = JournalPlugins.ForStore(store);
        var config = ConfigurationFactory.ParseString($$"""
            akka.cluster.sharding {
              journal-plugin-id = "{{plugins.Journal}}"
              snapshot-plugin-id = "{{plugins.Snapshots}}"
              entity-restart-backoff = 100ms
            }
            """)
            .WithFallback(LoneCoordinator.Configuration).WithFallback(ClusterSharding.DefaultConfig())
            .WithFallback(DistributedData.DefaultConfig()).WithFallback(ClusterSingleton.DefaultConfig())
            .WithFallback(DefaultConfig);
        var system = ActorSystem.Create("actors", ActorSystemSetup.Create(faults, BootstrapSetup.Create().WithConfig(config)));
        JournalPlugins.RegisterStore(system, store);
        return system;
    }

    private IActorRef StartRegion(TestProbe nodes)
    {
        var cluster = Akka.Cluster.Cluster.Get(Sys);
        cluster.Join(cluster.SelfAddress);
        return DurablePoolShards.StartRegion(Sys, nodes.Ref, JournalPlugins.ForStore(StoreIn(_folder)));
    }

    private IActorRef OpenPool(IActorRef region, TestProbe client)
    {
        AwaitAssert(
            () =>
            {
                region.Tell(new PoolProtocol.FindPool(_id), client);
                client.ExpectMsg<PoolProtocol.PoolFound>(TimeSpan.FromSeconds(1));
            },
            LoneCoordinator.Longest);
        var pool = client.LastSender;
        pool.Tell(
            new PoolProtocol.OpenPool(_id, PoolSchedule.Spec() with { Name = "jobs", Bundle = new BundleId(1, 0) }, SessionId.New()),
            client);
        return pool;
    }

    /// <returns>The build that requests executors.</returns>
    private static IActorRef AwaitRequest(TestProbe nodes)
    {
        nodes.FishForMessage(message => message is NodesProtocol.RequestExecutors, LoneCoordinator.Longest);
        return nodes.LastSender;
    }

    private static void AwaitEvent(TestProbe events, Predicate<object> isAwaited) =>
        events.FishForMessage(isAwaited, LoneCoordinator.Longest);
}
