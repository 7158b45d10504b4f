using Actors;
using Akka.Actor;
using Akka.Configuration;
using Common;

namespace Idle;

/// <summary>The measured programs. Each prints "ready" and then stays idle until its standard input ends.</summary>
internal static class Subject
{
    private const string SystemName = "bare";

    /// <summary>The settings for periodic work of a cluster member. A plain member has the same.</summary>
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
        // Runs jobs in every worker, so that none starts during the measurement.
        await pool.MapAsync(Same, Enumerable.Range(0, 1000), 1);
        await StayAsync();
    }

    /// <summary>Runs a job in every worker that waits for an item of a queue.</summary>
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

    /// <param name="role">The name of the file in <c>config/</c> with the intervals.</param>
    /// <param name="port">The port of the member.</param>
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
        var cluster = ConfigurationFactory.ParseString(
            File.ReadAllText(Path.Combine(LocalCluster.Root(), "config", role + ".conf"))).GetConfig("akka.cluster");
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
