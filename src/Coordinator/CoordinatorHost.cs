using System.Security.Cryptography;
using System.Text;
using Actors.Coordinator.Cluster;
using Actors.Coordinator.Http;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Payloads;
using Actors.Coordinator.Peers;
using Actors.Coordinator.Telemetry;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Chaos;
using Actors.Remoting.Data;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Payloads;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;

namespace Actors.Coordinator;

/// <summary>Runs a coordinator as a program, until it is asked to stop or is removed from its cluster.</summary>
internal static class CoordinatorHost
{
    /// <summary>
    /// How long a removed coordinator still counts late outcomes. Several times the time to read the messages that arrived during a pause.
    /// </summary>
    private static readonly TimeSpan LateCompletionTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan MemberTimeout = TimeSpan.FromSeconds(60);

    /// <param name="options">The settings.</param>
    /// <param name="cancellationToken">Stops the coordinator, as a signal does.</param>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunCoordinatorAsync(CoordinatorOptions options, CancellationToken cancellationToken)
    {
        using var stop = new StopSignals(cancellationToken);
        using var meter = new CoordinatorMeter();
        ActorSystem? system = null;
        BundleStore bundles;
        PayloadDirectory? payloads = null;
        DataListener data;
        HttpEndpoint? http = null;
        ReadyFile? readyFile = null;
        try
        {
            // Checked before anything listens, so that an error is reported once and has no other effect.
            options.RequireSafety();
            readyFile = new ReadyFile(options.Program.Ready);
            options.Store?.PrepareStore();
            await RejoinDelay.WaitForRemovalAsync(options.Program.Address, options.Seeds, stop.Requested).ConfigureAwait(false);
            bundles = new BundleStore(BundleStore.DefaultDirectory) { Space = options.CodeSpace };
            payloads = PayloadDirectory.CreateIn(PayloadDirectory.GetParentIn(BundleStore.DefaultDirectory));
            system = ActorSystemStarter.Start(
                BuildConfiguration(options), new LinkIdentity(CreateKeys(options), options.Program.Tls, options.Seeds),
                options.AllowsChaos ? new ChaosSetup() : null);
            data = DataListener.StartListening(system);
            if (options.Http is { } settings)
                http = await HttpEndpoint.StartListeningAsync(settings, system, meter).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is InvalidOperationException or DurableStoreException or IOException or UnauthorizedAccessException)
        {
            payloads?.Dispose();
            await (system?.Terminate() ?? Task.CompletedTask).ConfigureAwait(false);
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return 1;
        }

        using var disposedPayloads = payloads;
        await using var disposedHttp = http;
        using var ready = readyFile;
        system.ActorOf(ActorProps.Create(() => new MetricsActor(meter)), "metrics");
        StartMonitoring(system, options);
        var open = StartWhenMemberAsync(system, options, bundles, new PayloadStore(payloads, options.Payloads, data), ready);
        Console.WriteLine(
            options.Store is null
                ? $"coordinator listens on {options.Program.Address}"
                : $"coordinator listens on {options.Program.Address} and writes to {options.Store}");
        await Task.WhenAny(stop.Requested, system.WhenTerminated, WaitForMemberTimeoutAsync(open)).ConfigureAwait(false);
        if (!stop.Requested.IsCompleted)
        {
            if (open.IsFaulted && !system.WhenTerminated.IsCompleted)
                await open.ConfigureAwait(false);
            await Console.Error.WriteLineAsync(system.WhenTerminated.IsCompleted
                ? "The other coordinators have removed this one from the cluster. Restart it."
                : $"This coordinator has not joined a cluster within {MemberTimeout.TotalSeconds:0} s. Check that the others in --seeds "
                    + "can be reached, then restart it.").ConfigureAwait(false);
        }

        await system.Terminate().ConfigureAwait(false);
        return stop.Requested.IsCompleted ? 0 : 1;
    }

    /// <summary>
    /// Completes when this coordinator is not a member in time. It must then restart and look for the others again, because it may have
    /// found none when it started.
    /// </summary>
    private static async Task WaitForMemberTimeoutAsync(Task open)
    {
        if (await Task.WhenAny(open, Task.Delay(MemberTimeout)).ConfigureAwait(false) != open)
            return;
        await open.ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite).ConfigureAwait(false);
    }

    /// <summary>Starts the parts that need no membership.</summary>
    private static void StartMonitoring(ActorSystem system, CoordinatorOptions options)
    {
        system.ActorOf(ActorProps.Create(() => new CrashedMembersActor()), "crashed-members");
        system.ActorOf(ActorProps.Create(() => new QuarantineActor()), "quarantine");
        LogEventWriter.StartWriting(system, Console.Out);
        system.ActorOf(ActorProps.Create(() => new MembershipLogActor()), "membership-log");
        LateCompletions.StartCounting(system, LateCompletionTime);
        if (options.Store is null)
            return;
        var plugins = JournalPlugins.RegisterStore(system, options.Store);
        system.ActorOf(ActorProps.Create(() => new JournalWarmUpActor(options.Program.Address.ToString(), plugins)), "journal-rehearsal");
        if (DurableUsage.FindUsage(system) is { } usage)
            system.ActorOf(ActorProps.Create(() => new StoreSizeActor(usage, options.Store.MeasureSize)), "store-size");
    }

    /// <summary>
    /// Starts the services when the members agree, and completes when this coordinator is a member. A single coordinator starts its
    /// services at once.
    /// </summary>
    private static async Task StartWhenMemberAsync(
        ActorSystem system, CoordinatorOptions options, BundleStore bundles, PayloadStore payloads, ReadyFile ready)
    {
        if (options.Seeds.Count > 1 && !await ClusterFormation.WaitUntilAgreedAsync(system).ConfigureAwait(false))
            return;
        StartServices(system, options, bundles, payloads);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberUp(up.SetResult);
        await up.Task.ConfigureAwait(false);
        Console.WriteLine("coordinator is a member of its cluster");
        ready.CreateFile();
    }

    private static LinkKeys CreateKeys(CoordinatorOptions options) => new(options.Program.Key, options.NodeKey, options.OperatorKey);

    private static void StartServices(ActorSystem system, CoordinatorOptions options, BundleStore bundles, PayloadStore payloads)
    {
        CoordinatorStarter.StartCoordinator(
            system, bundles, CreateStoreStarter(system, options), CreateIdentity(system, options), payloads);
    }

    private static CoordinatorIdentity CreateIdentity(ActorSystem system, CoordinatorOptions options)
    {
        if (options.Seeds.Count <= 1)
            return CoordinatorIdentity.CreateStandalone();
        var peers = system.ActorOf(ActorProps.Create(() => new PeersActor()), "peers");
        var number = CoordinatorIdentity.NewNumber();
        return new CoordinatorIdentity(GetClusterId(options.Seeds), number, peers, StartNames);

        IActorRef StartNames(IActorRef self) =>
            NameShards.StartRegion(system, new PeersProtocol.PeerCoordinator(number, self), peers);
    }

    /// <summary>Gets the id of the cluster, which is the same for all coordinators with the same seeds.</summary>
    private static string GetClusterId(IEnumerable<HostPort> seeds) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(',', seeds.Select(seed => seed.ToString()).Order(StringComparer.Ordinal)))));

    private static Func<IActorRef, StoreActors>? CreateStoreStarter(ActorSystem system, CoordinatorOptions options)
    {
        if (options.Store is null)
            return null;
        var plugins = JournalPlugins.ForStore(options.Store);
        return nodes => new StoreActors(
            DurablePoolShards.StartRegion(system, nodes, plugins), DurableObjectShards.StartRegion(system, plugins));
    }

    private static Config BuildConfiguration(CoordinatorOptions options) => ConfigureRememberedPools(options.Store)
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
