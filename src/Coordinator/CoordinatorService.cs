using System.Security.Cryptography;
using System.Text;
using Actors.Coordinator.Bundles;
using Actors.Coordinator.Cluster;
using Actors.Coordinator.Http;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Logging;
using Actors.Coordinator.Payloads;
using Actors.Coordinator.Peers;
using Actors.Coordinator.Telemetry;
using Actors.Programs;
using Actors.Programs.Hosting;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Chaos;
using Actors.Remoting.Data;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Durability;
using Actors.Remoting.Payloads;
using Actors.Remoting.Transport;
using Akka.Actor;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Coordinator;

/// <summary>Runs a coordinator until it is asked to stop or is removed from its cluster.</summary>
/// <param name="options">The settings.</param>
/// <param name="meter">The figures of the coordinator.</param>
/// <param name="loggers">Creates its logger, and those of its actor system.</param>
/// <param name="exit">Receives the exit code.</param>
/// <param name="lifetime">The lifetime of the program.</param>
internal sealed class CoordinatorService(
    CoordinatorOptions options, CoordinatorMeter meter, ILoggerFactory loggers, ProgramExit exit, IHostApplicationLifetime lifetime)
    : ProgramService(exit, lifetime)
{
    /// <summary>
    /// How long a removed coordinator still counts late outcomes. Several times the time to read the messages that arrived during a pause.
    /// </summary>
    private static readonly TimeSpan LateCompletionTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan MemberTimeout = TimeSpan.FromSeconds(60);

    private readonly ILogger _logger = loggers.CreateLogger(CoordinatorLog.Category);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Task stop)
    {
        ActorSystem? system = null;
        BundleStore bundles;
        PayloadDirectory? payloads = null;
        DataListener data;
        HttpEndpoint? http = null;
        ReadyFile? readyFile = null;
        foreach (var warning in options.Exposures)
            ProgramLog.SecretExposed(_logger, warning);
        try
        {
            // Checked before anything listens, so that an error is reported once and has no other effect.
            options.RequireSafety();
            readyFile = new ReadyFile(options.Program.Ready);
            if (options.Store is { } store)
                StorePlugins.PrepareStore(store);
            await RejoinDelay.WaitForRemovalAsync(options.Program.Address, options.Seeds, stop).ConfigureAwait(false);
            bundles = new BundleStore(BundleStore.DefaultDirectory) { Space = options.CodeSpace };
            payloads = PayloadDirectory.CreateIn(PayloadDirectory.GetParentIn(BundleStore.DefaultDirectory));
            system = ActorSystemStarter.Start(
                CoordinatorConfiguration.CreateConfig(options), new LinkIdentity(CreateKeys(options), options.Program.Tls, options.Seeds),
                options.AllowsChaos ? new ChaosSetup() : null, setup => setup.And(new HostLog(loggers)));
            if (options.Store is not null)
                JournalPlugins.RegisterStore(system, options.Store);
            data = DataListener.StartListening(system);
            if (options.Http is { } settings)
                http = await HttpEndpoint.StartListeningAsync(settings, system, meter).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is InvalidOperationException or DurableStoreException or IOException or UnauthorizedAccessException)
        {
            payloads?.Dispose();
            await (system?.Terminate() ?? Task.CompletedTask).ConfigureAwait(false);
            ProgramLog.ProgramFailed(_logger, exception.Message);
            return ExitCode.Failure;
        }

        using var disposedPayloads = payloads;
        await using var disposedHttp = http;
        using var ready = readyFile;
        system.ActorOf(ActorProps.Create(() => new MetricsActor(meter)), "metrics");
        StartMonitoring(system);
        var open = StartWhenMemberAsync(
            system, new CodeStore(bundles, data), new PayloadStore(payloads, options.Payloads, data), ready);
        LogListening();
        await Task.WhenAny(stop, system.WhenTerminated, WaitForMemberTimeoutAsync(open)).ConfigureAwait(false);
        if (!stop.IsCompleted)
        {
            if (open.IsFaulted && !system.WhenTerminated.IsCompleted)
                await open.ConfigureAwait(false);
            if (system.WhenTerminated.IsCompleted)
                CoordinatorLog.RemovedFromCluster(_logger);
            else
                CoordinatorLog.NotJoined(_logger, MemberTimeout.TotalSeconds);
        }

        await system.Terminate().ConfigureAwait(false);
        return stop.IsCompleted ? ExitCode.Success : ExitCode.Failure;
    }

    private void LogListening()
    {
        if (options.Store is { } store)
            CoordinatorLog.ListeningWithStore(_logger, $"{options.Program.Address}", $"{store}");
        else
            CoordinatorLog.Listening(_logger, $"{options.Program.Address}");
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
    private void StartMonitoring(ActorSystem system)
    {
        system.ActorOf(ActorProps.Create(() => new CrashedMembersActor()), "crashed-members");
        system.ActorOf(ActorProps.Create(() => new QuarantineActor()), "quarantine");
        LogEventWriter.StartWriting(system, _logger);
        system.ActorOf(ActorProps.Create(() => new MembershipLogActor()), "membership-log");
        LateCompletions.StartCounting(system, LateCompletionTime);
        if (options.Store is null)
            return;
        var plugins = JournalPlugins.ForStore(options.Store);
        system.ActorOf(ActorProps.Create(() => new JournalWarmUpActor(options.Program.Address.ToString(), plugins)), "journal-rehearsal");
        if (DurableUsage.FindUsage(system) is { } usage)
            system.ActorOf(ActorProps.Create(() => new StoreSizeActor(usage, options.Store.MeasureSize)), "store-size");
    }

    /// <summary>
    /// Starts the services when the members agree, and completes when this coordinator is a member. A single coordinator starts its
    /// services at once.
    /// </summary>
    private async Task StartWhenMemberAsync(
        ActorSystem system, CodeStore code, PayloadStore payloads, ReadyFile ready)
    {
        if (options.Seeds.Count > 1 && !await ClusterFormation.WaitUntilAgreedAsync(system).ConfigureAwait(false))
            return;
        StartServices(system, options, code, payloads);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberUp(up.SetResult);
        await up.Task.ConfigureAwait(false);
        CoordinatorLog.JoinedCluster(_logger);
        ready.CreateFile();
    }

    private static LinkKeys CreateKeys(CoordinatorOptions options) => new(options.Program.Key, options.NodeKey, options.OperatorKey);

    private static void StartServices(ActorSystem system, CoordinatorOptions options, CodeStore code, PayloadStore payloads)
    {
        CoordinatorStarter.StartCoordinator(
            system, code, CreateStoreStarter(system, options), CreateIdentity(system, options), payloads);
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
}
