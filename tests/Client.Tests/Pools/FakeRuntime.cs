using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Client.Tests.Pools;

/// <summary>The way to a coordinator that the test plays.</summary>
/// <param name="system">The client's.</param>
/// <param name="coordinator">The actor that plays the coordinator.</param>
/// <param name="isFar">Whether it is to look as though it were on another machine.</param>
internal sealed class FakeRuntime(ActorSystem system, IActorRef coordinator, bool isFar = false) : IClientRuntime
{
    private readonly CancellationTokenSource _lost = new();

    public ActorSystem System => system;

    public IActorRef Coordinator { get; } = isFar ? new FarRef() : coordinator;

    public uint Number => 0;

    public IObjectChannel Objects { get; } = new ActorObjectChannel(system, ActorRefs.Nobody, coordinator, "home");

    public DurableChannels Durable { get; } = new();

    public bool IsDisposed { get; private set; }

    public IActorRef Link => coordinator;

    public CancellationToken Lost => _lost.Token;

    public void MarkLost() => _lost.Cancel();

    public Task<IActorRef> GetPoolOpenerAsync(DurableStore? store, CancellationToken cancellationToken) => Task.FromResult(coordinator);

    public void RequireWorkers(int count)
    {
    }

    public Task<BundleId> ProvideCodeAsync(IReadOnlyList<string> files, bool isDurable, CancellationToken cancellationToken) =>
        Task.FromResult(BundleId.ThisProcess);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return default;
    }

    /// <summary>Nobody, at an address that is not this program's.</summary>
    private sealed class FarRef : MinimalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(new Address("akka.tcp", "far", "far", 1)) / "coordinator";

        public override IActorRefProvider Provider => throw new NotSupportedException();
    }
}
