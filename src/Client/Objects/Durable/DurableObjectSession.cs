using System.Diagnostics;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Objects.Durable;

/// <summary>
/// This process at a cluster's durable objects. It outlives its coordinator: what has no answer is asked again through the next one that it finds. Thread-safe.
/// </summary>
internal sealed class DurableObjectSession : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly DurableCaller _caller = new(CallerId.New());
    private readonly Dictionary<long, PendingCall> _pending = [];
    private readonly Func<CancellationToken, Task<IClientRuntime>> _connect;
    private readonly CancellationTokenSource _closing = new();
    private readonly Timer _timer;
    private readonly IObjectChannel _channel;
    private IClientRuntime? _runtime;
    private IActorRef _self = ActorRefs.Nobody;
    private long _last;

    /// <param name="connect">Finds a coordinator.</param>
    public DurableObjectSession(Func<CancellationToken, Task<IClientRuntime>> connect)
    {
        _connect = connect;
        _channel = ChannelFor(new DurableQueueOptions().ReconnectFor);
        _timer = new Timer(_ => Tick(), null, DurableCalls.Interval, DurableCalls.Interval);
        _ = ConnectAsync();
    }

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>The way to the objects.</summary>
    /// <param name="patience">How long an object may be out of reach.</param>
    public IObjectChannel ChannelFor(TimeSpan patience) => new WireObjectChannel(new DurableObjectChannel(this, patience));

    /// <summary>Sends a call; its number is chosen here.</summary>
    public PendingCall Send(ObjectCall call, TimeSpan patience)
    {
        lock (_lock)
        {
            ThrowIfClosed();
            var pending = _pending[++_last] = new PendingCall(call.Object, call.Operation, _last);
            _caller.Call(call with { Call = _last }, patience, Now);
            Flush();
            return pending;
        }
    }

    /// <summary>What needs no answer.</summary>
    public void Tell(ObjectCall call, TimeSpan patience)
    {
        lock (_lock)
        {
            _caller.Call(call, patience, Now);
            Flush();
        }
    }

    /// <summary>The call is not waited for any more.</summary>
    public void Abandon(PendingCall pending, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_pending.Remove(pending.Number))
                return;
            _caller.Abandoned(pending.Target, pending.Number);
            Flush();
        }

        pending.Cancel(cancellationToken);
    }

    /// <summary>An object has said something.</summary>
    public void Hear(DurableObjectProtocol.IFromObject message)
    {
        lock (_lock)
        {
            if (message.Caller != _caller.Id)
                return;
            _caller.Hear(message, isOnlyThere: false, Now);
            Flush();
        }
    }

    /// <summary>The way to the coordinator is lost.</summary>
    /// <param name="by">Who says so.</param>
    public void Lost(IActorRef by)
    {
        IClientRuntime? lost;
        lock (_lock)
        {
            if (!by.Equals(_self))
                return;
            (lost, _runtime, _self) = (_runtime, null, ActorRefs.Nobody);
        }

        lost?.Avoid();
        _ = lost?.DisposeAsync().AsTask();
        _ = ConnectAsync();
    }

    /// <summary>What is still waited for ends; the objects hear that this process has no more to do with them.</summary>
    public async ValueTask DisposeAsync()
    {
        IClientRuntime? runtime;
        lock (_lock)
        {
            if (_closing.IsCancellationRequested)
                return;
            _closing.Cancel();
            _caller.Leave();
            Flush();
            (runtime, _runtime) = (_runtime, null);
            runtime?.Durable.Remove(_channel);
            runtime?.System.Stop(_self);
            _self = ActorRefs.Nobody;
            foreach (var pending in _pending.Values)
                pending.Fail(Closed());
            _pending.Clear();
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        if (runtime is not null)
            await runtime.DisposeAsync().ConfigureAwait(false);
    }

    private static CoordinatorLostException Closed() => new("The manager was disposed.");

    private void ThrowIfClosed()
    {
        if (_closing.IsCancellationRequested)
            throw Closed();
    }

    private async Task ConnectAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                Use(await _connect(_closing.Token).ConfigureAwait(false));
                return;
            }
#pragma warning disable CA1031 // Whatever keeps it from connecting, calls end when their patience is over.
            catch (Exception)
#pragma warning restore CA1031
            {
                await Task.Delay(RetryPause).ConfigureAwait(false);
            }
        }
    }

    private void Use(IClientRuntime runtime)
    {
        lock (_lock)
        {
            if (!_closing.IsCancellationRequested)
            {
                _runtime = runtime;
                runtime.Durable.Add(_channel);
                _self = runtime.System.ActorOf(Props.Create(() => new DurableSessionActor(this, runtime.Coordinator)), RandomName.Of("durable"));
                _caller.Resume(Now);
                Flush();
                return;
            }
        }

        _ = runtime.DisposeAsync().AsTask();
    }

    private void Tick()
    {
        lock (_lock)
        {
            _caller.Tick(Now);
            Flush();
        }
    }

    private void Flush()
    {
        // That an answer has been received is said before its caller sees it.
        foreach (var reply in _caller.TakeReplies())
        {
            if (!_pending.Remove(reply.Call, out var pending))
                continue;
            if (pending.Operation.HandsOver(reply))
                _caller.Received(pending.Target, reply.Call);
            pending.Complete(reply);
        }

        // Without a coordinator it is lost, and said again to the next one.
        foreach (var message in _caller.TakeSent())
            _runtime?.Coordinator.Tell(message, _self);
    }
}
