using System.Diagnostics;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Objects.Durable;

/// <summary>
/// The session of this process with the durable objects of a cluster. It survives the loss of a coordinator: unanswered calls are sent
/// again through the next one. Thread-safe.
/// </summary>
internal sealed class DurableObjectSession : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly DurableCaller _caller = new(CallerId.New());
    private readonly Dictionary<long, UnansweredCall> _pending = [];
    private readonly CoordinatorConnection _coordinator;
    private readonly CancellationTokenSource _closing = new();
    private readonly Timer _timer;
    private readonly IObjectChannel _channel;
    private IClientRuntime? _runtime;
    private IActorRef _self = ActorRefs.Nobody;
    private Task _connecting;
    private long _last;

    /// <param name="coordinator">The shared connection to the coordinator.</param>
    public DurableObjectSession(CoordinatorConnection coordinator)
    {
        _coordinator = coordinator;
        _channel = ChannelFor(new DurableQueueOptions().ReconnectFor);
        lock (_lock)
            _connecting = ConnectAsync();
        _timer = new Timer(_ => OnTimer(), null, DurableCalls.Interval, DurableCalls.Interval);
    }

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>Returns a channel to the objects.</summary>
    /// <param name="patience">The longest time that an object may be unreachable.</param>
    public IObjectChannel ChannelFor(TimeSpan patience) => new WireObjectChannel(new DurableObjectChannel(this, patience));

    /// <summary>Sends a call under a new number.</summary>
    public UnansweredCall SendCall(ObjectCall call, TimeSpan patience)
    {
        lock (_lock)
        {
            ThrowIfClosed();
            var pending = _pending[++_last] = new UnansweredCall(call.Object, call.Operation, _last);
            _caller.SendCall(call with { Call = _last }, patience, Now);
            FlushMessages();
            return pending;
        }
    }

    /// <summary>Sends a call that needs no reply.</summary>
    public void TellObject(ObjectCall call, TimeSpan patience)
    {
        lock (_lock)
        {
            _caller.SendCall(call, patience, Now);
            FlushMessages();
        }
    }

    /// <summary>Abandons a canceled call.</summary>
    public void AbandonCall(UnansweredCall pending, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_pending.Remove(pending.Number))
                return;
            _caller.AbandonCall(pending.Target, pending.Number);
            FlushMessages();
        }

        pending.Cancel(cancellationToken);
    }

    /// <summary>Handles a message of an object.</summary>
    private void OnMessage(DurableObjectProtocol.IObjectMessage message)
    {
        lock (_lock)
        {
            if (message.Caller != _caller.Id)
                return;
            _caller.OnMessage(message, isOnlyStore: false, Now);
            FlushMessages();
        }
    }

    /// <summary>Reconnects after the loss of the coordinator.</summary>
    /// <param name="ended">The session actor that has ended.</param>
    private void OnConnectionLost(IActorRef ended)
    {
        IClientRuntime? lost;
        lock (_lock)
        {
            if (!ended.Equals(_self))
                return;
            (lost, _runtime, _self) = (_runtime, null, ActorRefs.Nobody);
            _connecting = ConnectAsync();
        }

        _ = lost?.DisposeAsync().AsTask();
    }

    /// <summary>Fails the pending calls, and tells the objects that this process has left.</summary>
    public async ValueTask DisposeAsync()
    {
        IClientRuntime? runtime;
        lock (_lock)
        {
            if (_closing.IsCancellationRequested)
                return;
            _closing.Cancel();
            _caller.LeaveObjects();
            FlushMessages();
            (runtime, _runtime) = (_runtime, null);
            runtime?.Durable.RemoveChannel(_channel);
            runtime?.System.Stop(_self);
            _self = ActorRefs.Nobody;
            foreach (var pending in _pending.Values)
                pending.Fail(CreateClosedException());
            _pending.Clear();
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        if (runtime is not null)
            await runtime.DisposeAsync().ConfigureAwait(false);
    }

    private static CoordinatorLostException CreateClosedException() =>
        new("The manager of the durable object was disposed. Open the object with a new manager.");

    private void ThrowIfClosed()
    {
        if (_closing.IsCancellationRequested)
            throw CreateClosedException();
    }

    private async Task ConnectAsync()
    {
        try
        {
            UseRuntime(await _coordinator.AcquireUseAsync(Timeout.InfiniteTimeSpan, _closing.Token).ConfigureAwait(false));
        }
#pragma warning disable CA1031 // The timer connects again; calls end when their time limit is reached.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private void UseRuntime(IClientRuntime runtime)
    {
        lock (_lock)
        {
            if (!_closing.IsCancellationRequested)
            {
                _runtime = runtime;
                runtime.Durable.AddChannel(_channel);
                _self = runtime.System.ActorOf(
                    ActorProps.Create(() => new ObjectSessionActor<DurableObjectProtocol.IObjectMessage>(
                        runtime.Coordinator, runtime.Link, OnMessage, OnConnectionLost)), RandomName.NewName("durable"));
                _caller.ResendAll(Now);
                FlushMessages();
                return;
            }
        }

        _ = runtime.DisposeAsync().AsTask();
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_runtime is null && _connecting.IsCompleted)
                _connecting = ConnectAsync();
            _caller.OnInterval(Now);
            FlushMessages();
        }
    }

    private void FlushMessages()
    {
        // The receipt is acknowledged before the caller sees the reply.
        foreach (var reply in _caller.TakeReplies())
        {
            if (!_pending.Remove(reply.Call, out var pending))
                continue;
            if (pending.Operation.HandsOver(reply))
                _caller.ConfirmReceipt(pending.Target, reply.Call);
            pending.Complete(reply);
        }

        // Without a coordinator the message is dropped, and repeated to the next one.
        foreach (var message in _caller.TakeMessages())
            _runtime?.Coordinator.Tell(message, _self);
    }
}
