using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.WorkerNode.Executors;
using Actors.WorkerNode.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode;

/// <summary>
/// A worker node: for each pool that the coordinator grants executors here, a child that keeps them. While it is in no session with a
/// coordinator it has no executors: what they would do could be done elsewhere by then.
/// </summary>
internal sealed class WorkerNodeActor : PeerActor, IWithTimers
{
    private static readonly TimeSpan CodeRetry = TimeSpan.FromMilliseconds(500);

    private readonly string _name;
    private readonly ICodeSource _code;
    private readonly NodePayloads? _payloads;
    private readonly LocalEndpoint _endpoint;
    private readonly Dictionary<PoolId, IActorRef> _pools = [];
    private readonly Dictionary<PoolId, PoolGrant> _resolving = [];
    private IActorRef _drainWatcher = ActorRefs.Nobody;
    private SessionStarted? _session;
    private bool _isDraining;

    /// <param name="name">For people.</param>
    /// <param name="code">Brings the code of pools.</param>
    /// <param name="payloads">Brings large arguments and results; null where nothing travels.</param>
    /// <param name="endpoint">Where executors connect; it outlives this actor.</param>
    public WorkerNodeActor(string name, ICodeSource code, NodePayloads? payloads, LocalEndpoint endpoint)
    {
        (_name, _code, _payloads, _endpoint) = (name, code, payloads, endpoint);
        Receive<SessionStarted>(session => _session = session);
        Receive<NodeProtocol.NodeJoined>(_ => { });
        Receive<SessionLost>(_ => EndSession());
        Receive<NodeProtocol.ProvideExecutors>(ProvideExecutors);
        Receive<CodeResolved>(StartResolvedPool);
        Receive<DrainPools>(_ => StartDraining());
        Receive<Terminated>(gone => RemovePool(gone.ActorRef));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Without a session nothing is provided.</summary>
    protected override bool IsAllowed(IWireMessage message) => _session is null || Sender.IsInProcessOf(_session.Objects);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void ProvideExecutors(NodeProtocol.ProvideExecutors provide)
    {
        if (_session is null || (_isDraining && provide.Executors > 0))
            return;
        if (_pools.TryGetValue(provide.Pool, out var pool))
            pool.Tell(new PoolExecutorsActor.SetExecutorCount(provide.Executors));
        else if (_resolving.TryGetValue(provide.Pool, out var granted))
            granted.Executors = provide.Executors;
        else if (provide.Executors > 0)
            StartResolving(new PoolGrant(provide, Sender, provide.Executors));
    }

    private void StartResolving(PoolGrant granted)
    {
        _resolving[granted.Provide.Pool] = granted;
        var (self, session) = (Self, _session);
        ResolveCodeAsync(granted, session).PipeTo(self);
    }

    private async Task<CodeResolved> ResolveCodeAsync(PoolGrant granted, SessionStarted? session)
    {
        try
        {
            var code = await _code.ResolveBundleAsync(
                granted.Provide.Spec.Bundle, session?.Objects ?? ActorRefs.Nobody, CancellationToken.None).ConfigureAwait(false);
            return new CodeResolved(granted, session, code, null);
        }
        catch (Exception exception)
        {
            // Whatever keeps the code from coming is the pool's to know.
            return new CodeResolved(granted, session, null, FailureConverter.ToFailure(exception));
        }
    }

    private void StartResolvedPool(CodeResolved resolved)
    {
        var granted = resolved.Granted;
        if (!ReferenceEquals(resolved.Session, _session) || _session is null || granted.Executors == 0 || _isDraining)
        {
            _resolving.Remove(granted.Provide.Pool);
            return;
        }

        if (resolved.Code is null)
        {
            ReportNoCode(granted, resolved.Failure);
            _resolving.Remove(granted.Provide.Pool);
            Timers.StartSingleTimer(
                granted.Provide.Pool, granted.Provide with { Executors = granted.Executors }, CodeRetry, granted.Pool);
            return;
        }

        _resolving.Remove(granted.Provide.Pool);
        StartPool(granted, resolved.Code, _session);
    }

    private void StartPool(PoolGrant granted, CodePaths code, SessionStarted session)
    {
        var setup = new ExecutorSetup(
            session.Node, _name, session.Owners, session.Objects, _endpoint.Directory, _endpoint.Listener, granted.Pool, granted.Provide.Pool,
            granted.Provide.Spec, code, _payloads);
        var pool = Context.Watch(Context.ActorOf(Props.Create(() => new PoolExecutorsActor(setup)), RandomName.NewName("pool")));
        _pools[granted.Provide.Pool] = pool;
        pool.Tell(new PoolExecutorsActor.SetExecutorCount(granted.Executors));
    }

    /// <summary>An executor without code is one that failed to start: the pool counts it and gives up in the end.</summary>
    private void ReportNoCode(PoolGrant granted, FailureInfo? failure)
    {
        var id = ExecutorId.New();
        var exit = new ExecutorExit(ExecutorExitReason.StartFailed, null, "");
        granted.Pool.Tell(new NodeProtocol.ExecutorStarting(id, _session!.Node));
        granted.Pool.Tell(new NodeProtocol.ExecutorExited(id, _session.Node, _name, 0, exit, default, default, failure));
    }

    private void EndSession()
    {
        _session = null;
        foreach (var pool in _pools.Values)
            Context.Stop(pool);
    }

    private void StartDraining()
    {
        _isDraining = true;
        _drainWatcher = Sender;
        foreach (var pool in _pools.Values)
            pool.Tell(new PoolExecutorsActor.SetExecutorCount(0));
        TellWhenDrained();
    }

    private void RemovePool(IActorRef pool)
    {
        foreach (var (id, _) in _pools.Where(known => known.Value.Equals(pool)).ToList())
            _pools.Remove(id);
        TellWhenDrained();
    }

    private void TellWhenDrained()
    {
        if (_isDraining && _pools.Count == 0)
            _drainWatcher.Tell(Drained.Instance);
    }

    /// <summary>The node is in a session with a coordinator.</summary>
    /// <param name="Node">This incarnation.</param>
    /// <param name="Owners">Names the coordinators whose managed objects are reached, the own one first.</param>
    /// <param name="Objects">Takes calls on managed objects.</param>
    public sealed record SessionStarted(NodeId Node, ImmutableArray<string> Owners, IActorRef Objects);

    /// <summary>The session is over: every executor is killed.</summary>
    public sealed record SessionLost
    {
        public static readonly SessionLost Instance = new();
    }

    /// <summary>Let the executors finish what they run, hand the rest back and end; answered by <see cref="Drained"/>.</summary>
    public sealed record DrainPools
    {
        public static readonly DrainPools Instance = new();
    }

    /// <summary>No executor is left.</summary>
    public sealed record Drained
    {
        public static readonly Drained Instance = new();
    }

    private sealed class PoolGrant(NodeProtocol.ProvideExecutors provide, IActorRef pool, int executors)
    {
        public NodeProtocol.ProvideExecutors Provide => provide;

        public IActorRef Pool => pool;

        public int Executors { get; set; } = executors;
    }

    private sealed record CodeResolved(PoolGrant Granted, SessionStarted? Session, CodePaths? Code, FailureInfo? Failure);
}
