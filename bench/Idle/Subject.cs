using Actors;
using Akka.Actor;
using Akka.Configuration;
using Common;

namespace Idle;

/// <summary>What this program is when it is started to be measured: it prints "ready", then does nothing until its standard input ends.</summary>
internal static class Subject
{
    private const string SystemName = "bare";

    /// <summary>The settings by which a cluster member has periodic work: a bare member has the same.</summary>
    private static readonly string[] PeriodicKeys =
    [
        "failure-detector.heartbeat-interval",
        "failure-detector.acceptable-heartbeat-pause",
        "failure-detector.expected-response-after",
        "failure-detector.monitored-by-nr-of-members",
        "unreachable-nodes-reaper-interval",
        "gossip-interval",
        "leader-actions-interval",
    ];

    public static async Task RunPoolAsync(int processes)
    {
        await using var pool = await ProcessPool.StartAsync(processes);
        // Every worker has run something, so that none is about to start.
        await pool.MapAsync(Same, Enumerable.Range(0, 1000), 1);
        await StayAsync();
    }

    /// <summary>Every worker has a job that waits for an item of a queue, as a consumer does.</summary>
    public static async Task RunConsumersAsync(int processes)
    {
        await using var manager = await Manager.StartAsync();
        var (queue, started) = (await manager.CreateQueueAsync<int>(), await manager.CreateQueueAsync<int>());
        await using var pool = await ProcessPool.StartAsync(processes);
        for (var i = 0; i < processes; i++)
        {
            _ = pool.ApplyAsync(Consume, queue, started);
            await started.GetAsync();
        }

        await StayAsync();
    }

    public static async Task RunSystemAsync()
    {
        using var system = ActorSystem.Create(SystemName);
        await StayAsync();
    }

    /// <param name="role">The file in <c>config/</c> whose intervals it has.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="seed">The port of the first member of its cluster.</param>
    public static async Task RunMemberAsync(string role, int port, int seed)
    {
        using var system = ActorSystem.Create(SystemName, MemberConfiguration(role, port, seed));
        var isUp = new TaskCompletionSource();
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberUp(isUp.SetResult);
        await isUp.Task;
        await StayAsync();
    }

    private static Config MemberConfiguration(string role, int port, int seed)
    {
        var cluster = ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(LocalCluster.Root(), "config", role + ".conf"))).GetConfig("akka.cluster");
        var intervals = PeriodicKeys.Where(cluster.HasPath).Select(key => $"akka.cluster.{key} = {cluster.GetString(key)}");
        return ConfigurationFactory.ParseString($$"""
            akka {
              actor.provider = cluster
              loglevel = ERROR
              stdout-loglevel = OFF
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
              cluster.seed-nodes = ["akka.tcp://{{SystemName}}@127.0.0.1:{{seed}}"]
            }
            {{string.Join('\n', intervals)}}
            """);
    }

    private static async Task StayAsync()
    {
        Console.WriteLine("ready");
        await Console.OpenStandardInput().CopyToAsync(Stream.Null);
    }

    private static int Same(int number) => number;

    private static int Consume(ManagedQueue<int> queue, ManagedQueue<int> started)
    {
        started.Put(0);
        return queue.Get();
    }
}
