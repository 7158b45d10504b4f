using Actors.Messages.Storage;
using Actors.Programs.Hosting;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Chaos;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Payloads;
using Actors.Remoting.Transport;
using Actors.WorkerNode.Chaos;
using Actors.WorkerNode.Executors;
using Actors.WorkerNode.Joining;
using Actors.WorkerNode.Payloads;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Actors.WorkerNode;

/// <summary>
/// The participation of a worker node in a cluster, from joining to leaving. Each has its own actor system, so the next one starts without
/// old connections and quarantines.
/// </summary>
internal sealed class NodeSession : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly LocalEndpoint _endpoint;
    private readonly PayloadDirectory _payloads;
    private readonly IActorRef _joining;
    private readonly TaskCompletionSource<HostPort> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<JoiningActor.NodeSessionEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeSession(
        ActorSystem system, LocalEndpoint endpoint, BundleStore bundles, PayloadDirectory payloads, WorkerNodeOptions options,
        NodeMeter meter)
    {
        (_system, _endpoint, _payloads) = (system, endpoint, payloads);
        Name = $"{Environment.MachineName}:{ActorSystemStarter.GetAddress(system).Port}";
        var offer = new NodeOffer(
            Name, options.Processes, options.Traits, options.IdleAfter, options.BusyMachine, new BundleFetcher(bundles),
            new NodePayloads(payloads), endpoint,
            system.ActorOf(ActorProps.Create(() => new NodeFaultsActor(Name)), RandomName.NewName("faults")), meter);
        var owner = system.ActorOf(ActorProps.Create(() => new OwnerActor(this)));
        _joining = system.ActorOf(ActorProps.Create(() => new JoiningActor(options.Join, offer, owner)), RandomName.NewName("joining"));
        system.WhenTerminated.ContinueWith(
            _ => _ended.TrySetResult(new JoiningActor.NodeSessionEnded(false, null)),
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>The name of the node for users.</summary>
    public string Name { get; }

    /// <summary>Completes when a coordinator has accepted the node.</summary>
    public Task<HostPort> Joined => _joined.Task;

    /// <summary>Completes when the node has left.</summary>
    public Task<JoiningActor.NodeSessionEnded> Ended => _ended.Task;

    /// <summary>Starts the node. Checks first that it can start executors: a node that cannot must not join.</summary>
    /// <param name="options">The options of the node.</param>
    /// <param name="meter">The figures of the node.</param>
    /// <param name="loggers">Creates the loggers of the actor system.</param>
    /// <exception cref="PortInUseException">Another program uses the port of the node.</exception>
    /// <exception cref="StorageException">
    /// The temporary directory or the cache is full, missing, not writable, or accessible by other users.
    /// </exception>
    public static NodeSession StartSession(WorkerNodeOptions options, NodeMeter meter, ILoggerFactory loggers)
    {
        OwnedMemory.RemoveAbandoned();
        LocalEndpoint.RequireSpace(options.Processes.Max);
        var bundles = new BundleStore(options.CacheDirectory) { Space = options.CodeSpace };
        var endpoint = LocalEndpoint.Open();
        var system = ActorSystemStarter.Start(
            LogForwarder.Config.WithFallback(
                RoleConfiguration.CreateWorkerNode(options.Program.Address, options.Program.Config, options.Program.Bind)),
            new LinkIdentity(new LinkKeys(options.Program.Key), options.Program.Tls, options.Join),
            options.AllowsChaos ? new ChaosSetup() : null, setup => setup.And(new HostLog(loggers)));
        return new NodeSession(
            system, endpoint, bundles, PayloadDirectory.CreateIn(PayloadDirectory.GetParentIn(options.CacheDirectory)), options, meter);
    }

    /// <summary>Starts to leave: running jobs finish, and other jobs are returned.</summary>
    public void StartDraining() => _joining.Tell(JoiningActor.StartDrain.Instance);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.Task.ConfigureAwait(false);
        await _system.Terminate().ConfigureAwait(false);
        _payloads.Dispose();
        _endpoint.Dispose();
    }

    /// <summary>Completes tasks from messages of the joining actor.</summary>
    private sealed class OwnerActor : HandlerActor
    {
        public OwnerActor(NodeSession session)
        {
            Receive<JoiningActor.ClusterJoined>(joined => session._joined.TrySetResult(HostPort.FromAddress(joined.Coordinator)));
            Receive<JoiningActor.NodeSessionEnded>(over => session._ended.TrySetResult(over));
        }
    }
}
