using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Dispatch;
using Actors.WorkerNode.Executors;
using Actors.WorkerNode.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode;

/// <summary>
/// Represents a worker node in a session. It has a child for each pool that was granted executors on this node. Without a session it has no
/// executors, because the coordinator may run their jobs on other nodes.
/// </summary>
public sealed class WorkerNodeActor : PeerActor, IWithTimers
{
    private static readonly TimeSpan CodeRetry = TimeSpan.FromMilliseconds(500);

    private readonly string _name;
    private readonly ICodeSource _code;
    private readonly NodePayloads? _payloads;
    private readonly LocalEndpoint _endpoint;
    private readonly Dictionary<PoolId, IActorRef> _pools = [];
    private readonly Dictionary<PoolId, PoolGrant> _resolving = [];

    // The code of running pools is not removed from the cache.
    private readonly Dictionary<PoolId, IDisposable?> _uses = [];
    private IActorRef _drainWatcher = ActorRefs.Nobody;
    private SessionStarted? _session;
    private bool _isDraining;

    /// <param name="name">The name of the node for users.</param>
    /// <param name="code">Provides the code of pools.</param>
    /// <param name="payloads">Transfers large arguments and results; null if they are sent over the socket.</param>
    /// <param name="endpoint">The endpoint that executors connect to. It outlives this actor.</param>
    public WorkerNodeActor(string name, ICodeSource code, NodePayloads? payloads, LocalEndpoint endpoint)
    {
        (_name, _code, _payloads, _endpoint) = (name, code, payloads, endpoint);
        Receive<SessionStarted>(session => _session = session);
        Receive<NodeProtocol.JoinAccepted>(_ => { });
        Receive<SessionLost>(_ => EndSession());
        Receive<NodeProtocol.ProvideExecutors>(ProvideExecutors);
        Receive<CodeResolved>(StartResolvedPool);
        Receive<DrainPools>(_ => StartDraining());
        Receive<Terminated>(gone => RemovePool(gone.ActorRef));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>In a session, messages must come from the process of the coordinator.</summary>
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
        IDisposable? use = null;
        try
        {
            var bundle = granted.Provide.Spec.Bundle;
            use = await _code.UseBundleAsync(bundle).ConfigureAwait(false);
            var code = await _code.ResolveBundleAsync(
                bundle, session?.Objects ?? ActorRefs.Nobody, CancellationToken.None).ConfigureAwait(false);
            return new CodeResolved(granted, session, code, null) { Use = use };
        }
        catch (Exception exception)
        {
            use?.Dispose();
            // The pool gets any failure to download the code.
            return new CodeResolved(granted, session, null, FailureConverter.ToFailure(exception));
        }
    }

    private void StartResolvedPool(CodeResolved resolved)
    {
        var granted = resolved.Granted;
        if (!ReferenceEquals(resolved.Session, _session) || _session is null || granted.Executors == 0 || _isDraining)
        {
            _resolving.Remove(granted.Provide.Pool);
            resolved.Use?.Dispose();
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
        _uses[granted.Provide.Pool] = resolved.Use;
        StartPool(granted, resolved.Code, _session);
    }

    private void StartPool(PoolGrant granted, CodePaths code, SessionStarted session)
    {
        var setup = new ExecutorSetup(
            session.Node, _name, session.Owners, session.Objects, _endpoint.Directory, _endpoint.Listener,
            granted.Pool, granted.Provide.Pool, granted.Provide.Spec, code, _payloads,
            _payloads is null ? null : new SharedFiles(_payloads, granted.Pool), session.Meter,
            _endpoint.Early);
        var pool = Context.Watch(Context.ActorOf(ActorProps.Create(() => new PoolExecutorsActor(setup)), RandomName.NewName("pool")));
        _pools[granted.Provide.Pool] = pool;
        pool.Tell(new PoolExecutorsActor.SetExecutorCount(granted.Executors));
    }

    /// <summary>Reports a failed start. The pool counts it, and fails after too many of them.</summary>
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
            pool.Tell(PoolExecutorsActor.DrainExecutors.Instance);
        TellWhenDrained();
    }

    private void RemovePool(IActorRef pool)
    {
        foreach (var (id, _) in _pools.Where(known => known.Value.Equals(pool)).ToList())
        {
            _pools.Remove(id);
            if (_uses.Remove(id, out var use))
                use?.Dispose();
        }

        TellWhenDrained();
    }

    private void TellWhenDrained()
    {
        if (_isDraining && _pools.Count == 0)
            _drainWatcher.Tell(Drained.Instance);
    }

    /// <summary>The session with a coordinator has started.</summary>
    /// <param name="Node">The id of the node in this session.</param>
    /// <param name="Owners">The names of the reachable owners of managed objects, the coordinator of the session first.</param>
    /// <param name="Objects">Receives calls of managed objects.</param>
    /// <param name="Meter">The figures of the node; null in a client, which has its own.</param>
    public sealed record SessionStarted(NodeId Node, ImmutableArray<string> Owners, IActorRef Objects, NodeMeter? Meter = null);

    /// <summary>The session has ended: all executors are killed.</summary>
    public sealed record SessionLost
    {
        public static readonly SessionLost Instance = new();
    }

    /// <summary>Requests that executors finish their running jobs, return other jobs and end. Answered by <see cref="Drained"/>.</summary>
    public sealed record DrainPools
    {
        public static readonly DrainPools Instance = new();
    }

    /// <summary>All executors have ended.</summary>
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

    private sealed record CodeResolved(PoolGrant Granted, SessionStarted? Session, CodePaths? Code, FailureInfo? Failure)
    {
        /// <summary>Protects the code from removal. Null if nothing removes it, or there is none.</summary>
        public IDisposable? Use { get; init; }
    }
}
