using Actors.Coordinator.Journals;
using Actors.Programs.Hosting;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;

namespace Actors.Coordinator;

/// <summary>Translates the options of a coordinator to the configuration of its actor system.</summary>
internal static class CoordinatorConfiguration
{
    /// <summary>Creates the HOCON of a coordinator. A file of the user overrides the defaults, but not the options.</summary>
    public static Config CreateConfig(CoordinatorOptions options) => LogForwarder.Config
        .WithFallback(ConfigureRememberedPools(options.Store))
        .WithFallback(RequireMajority(options.Seeds.Count))
        .WithFallback(ConfigureDataPort(options.DataPort))
        .WithFallback(HideShardingName(options.Program.Key))
        .WithFallback(
            RoleConfiguration.CreateCoordinator(
                options.Program.Address, options.Seeds, options.Program.Config, options.Program.Tls is not null, options.Program.Bind))
        .WithFallback(ClusterSharding.DefaultConfig())
        .WithFallback(DistributedData.DefaultConfig())
        .WithFallback(ClusterSingleton.DefaultConfig());

    /// <summary>
    /// Hides the shard regions of durable pools, queues and names below a name derived from the key, so that only holders of the key can
    /// reach them. Without a key the name is the default.
    /// </summary>
    private static Config HideShardingName(AccessKey? key) => key is null
        ? Config.Empty
        : ConfigurationFactory.ParseString($"akka.cluster.sharding.guardian-name = \"{key.DeriveName("sharding")}\"");

    private static Config ConfigureDataPort(int? port) => port is null
        ? Config.Empty
        : ConfigurationFactory.ParseString(FormattableString.Invariant($"{DataListener.PortSetting} = {port}"));

    /// <summary>
    /// Requires a majority of the coordinators to form a cluster, so that one that starts in a partition forms none of its own.
    /// </summary>
    private static Config RequireMajority(int coordinators) => ConfigurationFactory.ParseString(
        FormattableString.Invariant($"akka.cluster.role.quorum.min-nr-of-members = {(coordinators / 2) + 1}"));

    /// <summary>Stores the list of loaded pools in the same store as the pools.</summary>
    private static Config ConfigureRememberedPools(DurableStore? store)
    {
        if (store is null)
            return Config.Empty;
        var plugins = JournalPlugins.ForStore(store);
        return ConfigurationFactory.ParseString($$"""
            akka.cluster.sharding {
              journal-plugin-id = "{{plugins.Journal}}"
              snapshot-plugin-id = "{{plugins.Snapshots}}"
            }
            """);
    }
}
