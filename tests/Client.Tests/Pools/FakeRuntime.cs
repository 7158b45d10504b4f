using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Client.Tests.Pools;

/// <summary>The way to a coordinator that the test plays.</summary>
internal sealed class FakeRuntime(ActorSystem system, IActorRef coordinator) : IClientRuntime
{
    private readonly CancellationTokenSource _lost = new();

    public ActorSystem System => system;

    public IActorRef Coordinator => coordinator;

    public string Home => "home";

    public uint Number => 0;

    public IObjectChannel Objects { get; } = new ActorObjectChannel(system, ActorRefs.Nobody, "home");

    public IObjectChannel? Durable { get; set; }

    public bool IsDisposed { get; private set; }

    public CancellationToken Lost => _lost.Token;

    public void Avoid() => _lost.Cancel();

    public Task<IActorRef> PoolsAsync(DurableStore? store, CancellationToken cancellationToken) => Task.FromResult(coordinator);

    public Task<BundleId> ProvideCodeAsync(bool isKept, CancellationToken cancellationToken) => Task.FromResult(BundleId.OfThisProcess);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return default;
    }
}
