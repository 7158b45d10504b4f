using System.Collections.Immutable;
using Actors.Messages.Objects;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Objects;

/// <summary>
/// Mirrors <c>ActorObjectChannel</c> and <c>ObjectSessionActor</c>: the calls of one process over one connection. It ends with the
/// connection, and its calls end without a known outcome.
/// </summary>
internal sealed class ObjectSession(ObjectWorld world, SimulatedHost host, Action onEnded) : SimulatedPart(world, host)
{
    private readonly SortedDictionary<long, PendingCall> _pending = [];
    private long _last;

    public int Pending => _pending.Count;

    /// <summary>Sends a call.</summary>
    /// <param name="target">The object.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="timeout">The timeout in milliseconds.</param>
    /// <param name="number">The number.</param>
    /// <param name="payloads">The payloads.</param>
    /// <param name="onReply">Receives the reply; null if the outcome is unknown.</param>
    public void SendCall(
        SimulatedObject target, ObjectOperation operation, long timeout, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads,
        Action<ObjectReply?> onReply)
    {
        var call = ++_last;
        _pending.Add(call, new PendingCall(target, operation, onReply));
        Send(target, new ObjectCall(default, call, operation, timeout, number, payloads));
    }

    /// <summary>Abandons one of the calls. A service never abandons its wait for a call.</summary>
    public void AbandonCall(int argument)
    {
        var calls = _pending.Where(call => call.Value.Operation != ObjectOperation.Serve).Select(call => call.Key).ToList();
        if (calls.Count > 0)
            Abandon(calls[argument % calls.Count]);
    }

    /// <summary>Abandons all calls of an operation.</summary>
    public void AbandonCalls(ObjectOperation operation)
    {
        foreach (var call in _pending.Where(call => call.Value.Operation == operation).Select(call => call.Key).ToList())
            Abandon(call);
    }

    /// <summary>Abandons the call of an operation that is under way.</summary>
    public void AbandonCall(ObjectOperation operation) => Abandon(_pending.First(call => call.Value.Operation == operation).Key);

    private void Abandon(long call)
    {
        _pending.Remove(call, out var pending);
        Send(pending!.Target, new ObjectCallAbandoned(default, call));
        pending.OnReply(null);
    }

    public override void Receive(object message, SimulatedPart sender)
    {
        if (message is not ObjectReply reply || !_pending.Remove(reply.Call, out var pending))
            return;
        if (pending.Operation.HandsOver(reply))
            Send(pending.Target, new ObjectReplyReceived(default, reply.Call));
        pending.OnReply(reply);
    }

    public override void OnDisconnected(SimulatedHost host, TimeSpan brokenAt)
    {
        if (host == Host || Created > brokenAt || IsStopped)
            return;
        Stop();
        EndCalls();
        onEnded();
    }

    /// <summary>The process or the connection has ended.</summary>
    public void EndCalls()
    {
        world.OnCallerLost(this);
        foreach (var pending in _pending.Values.ToList())
            pending.OnReply(null);
        _pending.Clear();
    }

    private sealed record PendingCall(SimulatedObject Target, ObjectOperation Operation, Action<ObjectReply?> OnReply);
}
