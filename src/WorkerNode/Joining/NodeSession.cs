using Actors.Messages.Storage;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Payloads;
using Actors.Remoting.Transport;
using Actors.WorkerNode.Executors;
using Actors.WorkerNode.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode.Joining;

/// <summary>
/// The time of a worker node with the coordinators of a cluster, from joining to the end, in an actor system of its own: the next begins with nothing of this
/// one, no connection and no quarantine.
/// </summary>
internal sealed class NodeSession : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly LocalEndpoint _endpoint;
    private readonly PayloadDirectory _payloads;
    private readonly IActorRef _joining;
    private readonly TaskCompletionSource<HostPort> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<JoiningActor.NodeSessionEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeSession(ActorSystem system, LocalEndpoint endpoint, BundleStore bundles, PayloadDirectory payloads, WorkerNodeOptions options)
    {
        (_system, _endpoint, _payloads) = (system, endpoint, payloads);
        Name = $"{Environment.MachineName}:{ActorSystemStarter.GetAddress(system).Port}";
        var offer = new NodeOffer(
            Name, options.Processes, options.Traits, options.IdleAfter, options.BusyMachine, new BundleFetcher(bundles), new NodePayloads(payloads), endpoint);
        var owner = system.ActorOf(Props.Create(() => new OwnerActor(this)));
        _joining = system.ActorOf(Props.Create(() => new JoiningActor(options.Join, offer, owner)), RandomName.NewName("joining"));
        system.WhenTerminated.ContinueWith(
            _ => _ended.TrySetResult(new JoiningActor.NodeSessionEnded(false, null)), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>The node's name, for people.</summary>
    public string Name { get; }

    /// <summary>Ends when a coordinator has taken the node in.</summary>
    public Task<HostPort> Joined => _joined.Task;

    /// <summary>Ends when the node is out.</summary>
    public Task<JoiningActor.NodeSessionEnded> Ended => _ended.Task;

    /// <summary>Checks first that executors can be started here: a node that cannot start any must not join.</summary>
    /// <exception cref="PortInUseException">The node's own port is taken.</exception>
    /// <exception cref="StorageException">The temporary directory or the cache is full, missing, not writable, or open to other users.</exception>
    public static NodeSession StartSession(WorkerNodeOptions options)
    {
        OwnedMemory.RemoveAbandoned();
        LocalEndpoint.RequireSpace(options.Processes.Max);
        var bundles = new BundleStore(options.CacheDirectory);
        var endpoint = LocalEndpoint.Open();
        var system = ActorSystemStarter.Start(
            RoleConfiguration.CreateWorkerNode(options.Program.Address, options.Program.Config, options.Program.Bind),
            new LinkIdentity(new LinkKeys(options.Program.Key), options.Program.Tls, options.Join));
        return new NodeSession(system, endpoint, bundles, PayloadDirectory.CreateIn(PayloadDirectory.GetParentIn(options.CacheDirectory)), options);
    }

    /// <summary>Finish what runs, hand the rest back, end.</summary>
    public void StartDraining() => _joining.Tell(JoiningActor.StartDrain.Instance);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.Task.ConfigureAwait(false);
        await _system.Terminate().ConfigureAwait(false);
        _payloads.Dispose();
        _endpoint.Dispose();
    }

    /// <summary>Turns what the joining actor says into tasks.</summary>
    private sealed class OwnerActor : ReceiveActor
    {
        public OwnerActor(NodeSession session)
        {
            Receive<JoiningActor.NodeJoined>(joined => session._joined.TrySetResult(HostPort.FromAddress(joined.Coordinator)));
            Receive<JoiningActor.NodeSessionEnded>(over => session._ended.TrySetResult(over));
        }
    }
}
