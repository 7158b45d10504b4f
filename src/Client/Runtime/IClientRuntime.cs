using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Runtime;

/// <summary>What pools and managers of one coordinator share: the actor system, and the ways into the coordinator. Disposing gives this use of it back.</summary>
internal interface IClientRuntime : IAsyncDisposable
{
    /// <summary>The client's actor system.</summary>
    ActorSystem System { get; }

    /// <summary>The coordinator's top actor, here or on another machine.</summary>
    IActorRef Coordinator { get; }

    /// <summary>Names the coordinator, or all of a cluster: managed objects of one cannot be passed to a pool of another.</summary>
    string Home { get; }

    /// <summary>That of the objects which are made at the coordinator; 0 for one in this process.</summary>
    uint Number { get; }

    /// <summary>The way to managed objects.</summary>
    IObjectChannel Objects { get; }

    /// <summary>Cancelled when the coordinator is lost on this way, which is of no use any more then; a new one may be.</summary>
    CancellationToken Lost { get; }

    /// <summary>The coordinator itself was lost on this way, for all who use it: who asks for one next gets another.</summary>
    void Avoid();

    /// <summary>Who opens pools: the coordinator, or where there is a store of this process's own, who opens those that are written there.</summary>
    /// <exception cref="DurableStoreException">The store cannot be used.</exception>
    Task<IActorRef> PoolsAsync(DurableStore? store, CancellationToken cancellationToken);

    /// <summary>Checks that this machine can start as many worker processes, where it is the one that starts them.</summary>
    /// <exception cref="StorageException">There is no room for their files, or the temporary directory cannot be used.</exception>
    void RequireWorkers(int count);

    /// <summary>The ways to durable objects.</summary>
    DurableWays Durable { get; }

    /// <summary>Sees to it that nodes can get this program's code, and names it.</summary>
    /// <param name="isKept">Whether the name outlives this process, so that it must tell one build from another.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CoordinatorLostException">The connection broke.</exception>
    Task<BundleId> ProvideCodeAsync(bool isKept, CancellationToken cancellationToken);
}
