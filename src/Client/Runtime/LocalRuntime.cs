using Actors.Coordinator;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Objects;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Dispatch;
using Actors.WorkerNode;
using Actors.WorkerNode.Executors;
using Akka.Actor;

namespace Actors.Runtime;

/// <summary>A coordinator and a worker node in this process: a cluster without network. Only the workers are separate processes.</summary>
internal sealed class LocalRuntime : IClientRuntime
{
    private readonly Lock _starting = new();
    private readonly Task<LocalEndpoint?> _opening;
    private LocalEndpoint? _endpoint;

    private LocalRuntime(ActorSystem system, Task<LocalEndpoint?> opening)
    {
        _opening = opening;
        System = system;
        var owner = $"local-{Environment.ProcessId}-{Guid.NewGuid():N}";
        var outer = ObjectChannel.Outer;
        Coordinator = system.ActorOf(
            InlineDispatcher.ApplyTo(
                ActorProps.Create(() => new CoordinatorSupervisor(null, null, null, outer, null)), system), Endpoints.CoordinatorName);
        Objects = new ActorObjectChannel(
            system, Coordinator, Link, [owner, DurableOwners.Program, .. ObjectChannel.OfProcess?.Owners ?? []]);
        Durable.AddChannel(Objects.FindChannel(DurableOwners.Program)!);
    }

    /// <inheritdoc/>
    public ActorSystem System { get; }

    /// <inheritdoc/>
    public IActorRef Coordinator { get; }

    /// <inheritdoc/>
    public uint Number => 0;

    /// <inheritdoc/>
    public IObjectChannel Objects { get; }

    /// <inheritdoc/>
    public DurableChannels Durable { get; } = new();

    /// <summary>Starts the runtime. The first workers start at the same time, because both take about as long.</summary>
    /// <param name="first">The settings of the pool that needs the runtime; null for none.</param>
    public static IClientRuntime StartLocal(PoolSpec? first)
    {
        var opening = first is null ? Task.FromResult<LocalEndpoint?>(null) : Task.Run(() => StartWorkers(first));
        return new LocalRuntime(ActorSystemStarter.Start(RoleConfiguration.CreateLocal()), opening);
    }

    /// <inheritdoc/>
    public IActorRef Link => Coordinator;

    /// <inheritdoc/>
    public CancellationToken Lost => CancellationToken.None;

    /// <inheritdoc/>
    public Task<IActorRef> GetPoolOpenerAsync(DurableStore? store, CancellationToken cancellationToken) => store is null
        ? Task.FromResult(Coordinator)
        : UseStoreAsync(store, cancellationToken);

    /// <summary>Names the code. Workers load it from the files of this process.</summary>
    public Task<BundleId> ProvideCodeAsync(IReadOnlyList<string> files, bool isDurable, CancellationToken cancellationToken)
    {
        _ = OwnCode.FindFiles();
        return isDurable ? Task.Run(() => OwnCode.ByContent, cancellationToken) : Task.FromResult(BundleId.ThisProcess);
    }

    /// <inheritdoc/>
    public void RequireWorkers(int count)
    {
        LocalEndpoint.RequireSpace(count);
        lock (_starting)
        {
            if (_endpoint is not null)
                return;
            _endpoint = _opening.GetAwaiter().GetResult() ?? LocalEndpoint.Open();
            StartNode(_endpoint);
        }
    }

    /// <summary>Ends the workers that were started with the runtime and that no pool has used.</summary>
    public async Task EndUnusedWorkersAsync()
    {
        if (await _opening.ConfigureAwait(false) is { } endpoint)
            await endpoint.Early.EndRemainingAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await System.Terminate().ConfigureAwait(false);
        _endpoint?.Dispose();
    }

    private async Task<IActorRef> UseStoreAsync(DurableStore store, CancellationToken cancellationToken)
    {
        var opened = await Coordinator.Ask<StoreActors>(
            new StoresActor.GetStoreActors(store), Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        return opened.Pools;
    }

    /// <summary>
    /// Begins to start workers. Leaves a processor to the actor system: the other workers start after it.
    /// </summary>
    /// <returns>The endpoint of the workers; null if it cannot be opened. The pool then fails with the reason.</returns>
    private static LocalEndpoint? StartWorkers(PoolSpec first)
    {
        try
        {
            var code = OwnCode.FindFiles();
            var endpoint = LocalEndpoint.Open();
            endpoint.Early.Begin(code, first, Math.Min(first.Processes, Math.Max(1, Environment.ProcessorCount - 1)));
            return endpoint;
        }
        catch (Exception exception) when (exception is StorageException or BundleException)
        {
            return null;
        }
    }

    /// <summary>
    /// Starts the worker node with the first pool; a manager needs none. The node has no slot limit, because a local pool always gets its
    /// requested number of workers.
    /// </summary>
    private void StartNode(LocalEndpoint endpoint)
    {
        var name = Environment.MachineName;
        var id = NodeId.New();
        var code = new OwnCode();
        var node = System.ActorOf(
            ActorProps.Create(() => new WorkerNodeActor(name, code, null, endpoint)), RandomName.NewName(Endpoints.NodeName));
        node.Tell(new WorkerNodeActor.SessionStarted(id, Objects.Owners, Coordinator));
        Coordinator.Tell(new NodeProtocol.Join(id, name, int.MaxValue), node);
    }
}
