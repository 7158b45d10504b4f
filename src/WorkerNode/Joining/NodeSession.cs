using Actors.Remoting;
using Actors.Remoting.Bundles;
using Akka.Actor;
using Akka.Cluster;

namespace Actors.WorkerNode.Joining;

/// <summary>
/// One session of a worker node with a coordinator, from joining to the end, in an actor system of its own: the next session begins with
/// nothing of this one, no membership and no quarantine.
/// </summary>
internal sealed class NodeSession : IAsyncDisposable
{
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(5);

    private readonly ActorSystem _system;
    private readonly IActorRef _joining;
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<JoiningActor.SessionOver> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeSession(ActorSystem system, WorkerNodeOptions options)
    {
        _system = system;
        Name = $"{Environment.MachineName}:{ActorSystemStarter.AddressOf(system).Port}";
        var code = new BundleFetcher(new BundleStore(options.CacheDirectory));
        var name = Name;
        var node = system.ActorOf(Props.Create(() => new WorkerNodeActor(name, code)), Endpoints.NodeName);
        var owner = system.ActorOf(Props.Create(() => new OwnerActor(this)));
        _joining = system.ActorOf(Props.Create(() => new JoiningActor(options.Join, options.Key, name, options.Processes, node, owner)), "joining");
    }

    /// <summary>The node's name, for people.</summary>
    public string Name { get; }

    /// <summary>Ends when the coordinator has taken the node in.</summary>
    public Task Joined => _joined.Task;

    /// <summary>Ends with the session.</summary>
    public Task<JoiningActor.SessionOver> Over => _over.Task;

    /// <exception cref="PortInUseException">The node's own port is taken.</exception>
    public static NodeSession Start(WorkerNodeOptions options) =>
        new(ActorSystemStarter.Start(RoleConfiguration.WorkerNode(options.Host, options.Port, options.Config)), options);

    /// <summary>Finish what runs, hand the rest back, end.</summary>
    public void Drain() => _joining.Tell(JoiningActor.Drain.Instance);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(LeaveTimeout);
        try
        {
            if ((await _over.Task.ConfigureAwait(false)).WasDrained)
                await Cluster.Get(_system).LeaveAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The coordinator is gone; it will not miss us.
        }

        await _system.Terminate().ConfigureAwait(false);
    }

    /// <summary>Turns what the joining actor says into tasks.</summary>
    private sealed class OwnerActor : ReceiveActor
    {
        public OwnerActor(NodeSession session)
        {
            Receive<JoiningActor.SessionJoined>(_ => session._joined.TrySetResult());
            Receive<JoiningActor.SessionOver>(over => session._over.TrySetResult(over));
        }
    }
}
