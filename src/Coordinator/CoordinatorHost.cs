using Actors.Coordinator.Cluster;
using Actors.Coordinator.Journals;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;

namespace Actors.Coordinator;

/// <summary>The coordinator as a process of its own: listens until it is told to stop, or the others have given it up.</summary>
internal static class CoordinatorHost
{
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(CoordinatorOptions options)
    {
        ActorSystem system;
        try
        {
            // Before anything listens: what cannot be is said once, and nothing else happens.
            Loopback.Require(options.At.Host, options.Tls, options.IsInsecure);
            options.Store?.Prepare();
            system = ActorSystemStarter.Start(Configuration(options), options.Tls);
        }
        catch (Exception exception) when (exception is InvalidOperationException or DurableStoreException)
        {
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return 1;
        }

        Open(system, options);
        using var stop = new StopSignals();
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberUp(() => Console.WriteLine("coordinator is a member of its cluster"));
        Console.WriteLine(options.Store is null ? $"coordinator listens on {options.At}" : $"coordinator listens on {options.At} and writes to {options.Store}");
        await Task.WhenAny(stop.Requested, system.WhenTerminated).ConfigureAwait(false);
        if (!stop.Requested.IsCompleted)
            await Console.Error.WriteLineAsync("the other coordinators have given this one up: start it again").ConfigureAwait(false);
        await system.Terminate().ConfigureAwait(false);
        return stop.Requested.IsCompleted ? 0 : 1;
    }

    private static void Open(ActorSystem system, CoordinatorOptions options)
    {
        var peers = system.ActorOf(Props.Create(() => new PeersActor(options.Key)), "peers");
        system.ActorOf(Props.Create(() => new CrashedPeersActor()), "crashed-peers");
        CoordinatorDoor.Open(
            system, new BundleStore(BundleStore.DefaultDirectory), options.Key, options.Store,
            (nodes, plugins) => DurablePoolShards.Start(system, nodes, plugins), peers);
    }

    private static Config Configuration(CoordinatorOptions options) => Remembering(options.Store)
        .WithFallback(RoleConfiguration.Coordinator(options.At, options.Seeds, options.Config, options.Tls is not null))
        .WithFallback(ClusterSharding.DefaultConfig())
        .WithFallback(DistributedData.DefaultConfig())
        .WithFallback(ClusterSingleton.DefaultConfig());

    /// <summary>Which pools are loaded is remembered where they are written.</summary>
    private static Config Remembering(DurableStore? store)
    {
        if (store is null)
            return Config.Empty;
        var plugins = JournalPlugins.For(store);
        return ConfigurationFactory.ParseString($$"""
            akka.cluster.sharding {
              journal-plugin-id = "{{plugins.Journal}}"
              snapshot-plugin-id = "{{plugins.Snapshots}}"
            }
            """);
    }
}
