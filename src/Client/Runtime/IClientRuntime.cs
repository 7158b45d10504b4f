using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Runtime;

/// <summary>
/// The actor system and the connection that all pools and managers of one coordinator share. Dispose it to release this use of it.
/// </summary>
internal interface IClientRuntime : IAsyncDisposable
{
    /// <summary>The client's actor system.</summary>
    ActorSystem System { get; }

    /// <summary>The top actor of the coordinator, in this process or another.</summary>
    IActorRef Coordinator { get; }

    /// <summary>The number in the ids of objects that this coordinator creates; 0 for one in this process.</summary>
    uint Number { get; }

    /// <summary>The channel to managed objects.</summary>
    IObjectChannel Objects { get; }

    /// <summary>
    /// An actor of this process that ends when the connection to the coordinator is lost. Actors watch it in place of the coordinator.
    /// </summary>
    IActorRef Link { get; }

    /// <summary>Canceled when the connection to the coordinator is lost. This runtime is unusable then; a new one may connect.</summary>
    CancellationToken Lost { get; }

    /// <summary>Returns the actor that opens pools: the coordinator, or the actor for the store of this process.</summary>
    /// <exception cref="DurableStoreException">The store is unusable.</exception>
    Task<IActorRef> GetPoolOpenerAsync(DurableStore? store, CancellationToken cancellationToken);

    /// <summary>Checks that this machine can start the workers of a local pool.</summary>
    /// <exception cref="StorageException">The temporary directory is full or unusable.</exception>
    void RequireWorkers(int count);

    /// <summary>The channels to durable objects.</summary>
    DurableChannels Durable { get; }

    /// <summary>
    /// Makes this program's code and files available to nodes, and returns its name. That of a durable pool outlives this process, and
    /// identifies the build.
    /// </summary>
    /// <param name="files">The patterns of the pool's further files.</param>
    /// <param name="isDurable">Whether the pool is durable.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="CoordinatorLostException">The connection broke.</exception>
    /// <exception cref="BundleException">A file of the program is missing.</exception>
    Task<BundleId> ProvideCodeAsync(IReadOnlyList<string> files, bool isDurable, CancellationToken cancellationToken);
}
