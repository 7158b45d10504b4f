using System.Collections.Concurrent;
using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects.Durable;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Objects;

/// <summary>The channel of this process to managed objects: sends messages in the name of one session actor. Thread-safe.</summary>
internal sealed class ActorObjectChannel : IObjectChannel
{
    private readonly ConcurrentDictionary<long, UnansweredCall> _pending = new();
    private readonly IActorRef _objects;
    private readonly IActorRef _session;
    private readonly ProgramObjectChannel _durable;
    private Exception? _lost;
    private long _last;

    /// <param name="system">The actor system of this process.</param>
    /// <param name="objects">The coordinator.</param>
    /// <param name="link">The actor that ends when the coordinator is lost.</param>
    /// <param name="owners">The owners of the objects.</param>
    public ActorObjectChannel(ActorSystem system, IActorRef objects, IActorRef link, params ImmutableArray<string> owners)
    {
        Owners = owners;
        _objects = objects;
        _durable = new ProgramObjectChannel(this);
        var props = ActorProps.Create(() => new ObjectSessionActor<ObjectReply>(objects, link, CompleteCall, FailPending));
        _session = system.ActorOf(InlineDispatcher.ApplyTo(props, system), RandomName.NewName("objects"));
    }

    /// <inheritdoc/>
    public string Owner => Owners[0];

    /// <inheritdoc/>
    public ImmutableArray<string> Owners { get; }

    /// <inheritdoc/>
    public IObjectChannel? FindChannel(string owner) => owner == DurableOwners.Program ? _durable : null;

    /// <inheritdoc/>
    public async ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        var pending = SendCall(target, operation, timeoutMilliseconds, number, payloads, cancellationToken);
        using var cancellation = cancellationToken.UnsafeRegister(_ => AbandonCall(pending, cancellationToken), null);
        return await pending.Answer.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        var pending = SendCall(target, operation, timeoutMilliseconds, number, payloads, cancellationToken);
        using var cancellation = cancellationToken.UnsafeRegister(_ => AbandonCall(pending, cancellationToken), null);
        return pending.Answer.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void SendOneWay(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        _objects.Tell(new ObjectCall(target, 0, operation, 0, number, payloads), _session);

    /// <summary>Completes a call with its reply. The receipt is acknowledged before the caller sees the reply.</summary>
    private void CompleteCall(ObjectReply reply)
    {
        if (!_pending.TryRemove(reply.Call, out var pending))
            return;
        if (pending.Operation.HandsOver(reply))
            _objects.Tell(new ObjectReplyReceived(pending.Target, reply.Call), _session);
        else if (reply.Status == ObjectStatus.TooLarge)
            _objects.Tell(new ObjectCallAbandoned(pending.Target, reply.Call), _session);
        pending.Complete(reply);
    }

    /// <summary>Fails all pending and further calls.</summary>
    /// <param name="session">The session actor, which has ended.</param>
    private void FailPending(IActorRef session)
    {
        var exception = new CoordinatorLostException(
            "The coordinator of the managed objects was lost. Create the objects again with a connected manager.");
        _lost = exception;
        foreach (var number in _pending.Keys)
        {
            if (_pending.TryRemove(number, out var pending))
                pending.Fail(exception);
        }
    }

    private UnansweredCall SendCall(
        ObjectId target, ObjectOperation operation, long timeout, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new UnansweredCall(target, operation, Interlocked.Increment(ref _last));
        _pending[pending.Number] = pending;
        if (Volatile.Read(ref _lost) is { } lost && _pending.TryRemove(pending.Number, out _))
            throw lost;
        _objects.Tell(new ObjectCall(target, pending.Number, operation, timeout, number, payloads), _session);
        return pending;
    }

    private void AbandonCall(UnansweredCall pending, CancellationToken cancellationToken)
    {
        if (!_pending.TryRemove(pending.Number, out _))
            return;
        _objects.Tell(new ObjectCallAbandoned(pending.Target, pending.Number), _session);
        pending.Cancel(cancellationToken);
    }
}
