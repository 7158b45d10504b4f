using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// Sends one request to a durable pool that this program need not have opened. It looks the pool up and repeats the request until the
/// answer arrives, because the pool may be moving between coordinators. The request must be repeatable.
/// </summary>
internal sealed class PoolRequestActor : PeerActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly IActorRef _coordinator;
    private readonly PoolId _pool;
    private readonly IWireMessage _request;
    private readonly TaskCompletionSource<IWireMessage> _answer;
    private IActorRef _found = ActorRefs.Nobody;

    /// <param name="coordinator">The actor that finds durable pools.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="request">The request.</param>
    /// <param name="answer">Receives the answer.</param>
    public PoolRequestActor(IActorRef coordinator, PoolId pool, IWireMessage request, TaskCompletionSource<IWireMessage> answer)
    {
        (_coordinator, _pool, _request, _answer) = (coordinator, pool, request, answer);
        Receive<Repeat>(_ => _coordinator.Tell(new PoolProtocol.FindPool(_pool)));
        Receive<PoolProtocol.PoolFound>(SendRequest);
        Receive<Status.Failure>(_ => { });
        Receive<IWireMessage>(Complete);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override bool IsAllowed(IWireMessage message) => message switch
    {
        PoolProtocol.PoolFound => Sender.IsInProcessOf(_coordinator),
        _ => Sender.IsInProcessOf(_coordinator) || Sender.IsInProcessOf(_found),
    };

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Repeat), Repeat.Instance, TimeSpan.Zero, Interval);

    private void SendRequest(PoolProtocol.PoolFound found)
    {
        _found = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(found.Path);
        _found.Tell(_request);
    }

    private void Complete(IWireMessage answer)
    {
        _answer.TrySetResult(answer);
        Context.Stop(Self);
    }

    private sealed record Repeat
    {
        public static readonly Repeat Instance = new();
    }
}
