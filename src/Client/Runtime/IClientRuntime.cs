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

    /// <summary>Names the coordinator: managed objects of one cannot be passed to a pool of another.</summary>
    string Home { get; }

    /// <summary>The way to managed objects.</summary>
    IObjectChannel Objects { get; }

    /// <summary>Sees to it that nodes can get this program's code, and names it.</summary>
    Task<BundleId> ProvideCodeAsync(CancellationToken cancellationToken);
}
