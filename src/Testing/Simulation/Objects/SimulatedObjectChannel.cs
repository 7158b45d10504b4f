using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors.Testing;

/// <summary>Carries messages between processes and managed objects in memory.</summary>
internal interface IObjectTransport
{
    /// <summary>The name of the coordinator.</summary>
    string Owner { get; }

    /// <summary>The clock of timeouts.</summary>
    TimeProvider Clock { get; }

    /// <summary>The seed and the injected faults, for failure messages; null without a plan.</summary>
    string? FaultDescription => null;

    /// <summary>The objects; null while no coordinator is there.</summary>
    ObjectHost? Host { get; }

    /// <summary>Carries a message to the objects.</summary>
    void SendToHost(IObjectCaller from, ObjectHost host, Action deliver);

    /// <summary>Carries a reply to a process.</summary>
    void SendToCaller(IObjectCaller to, ObjectHost host, Action deliver);
}

/// <summary>The connection of one process in memory to managed objects. Thread-safe.</summary>
/// <param name="transport">Carries the messages.</param>
/// <param name="node">The node of the process; null for the program of the test.</param>
internal sealed class SimulatedObjectChannel(IObjectTransport transport, SimulatedNode? node) : IObjectChannel, IObjectCaller
{
    private readonly Lock _access = new();
    private readonly Dictionary<long, UnansweredCall> _pending = [];
    private ObjectHost? _host;
    private long _last;
    private bool _hasEnded;

    /// <inheritdoc/>
    public string Owner => transport.Owner;

    /// <inheritdoc/>
    public object? Process => this;

    /// <inheritdoc/>
    public TimeProvider Clock => transport.Clock;

    /// <inheritdoc/>
    public SimulatedNode? Node => node;

    /// <inheritdoc/>
    public NodeId? NodeId { get; } = node?.Id;

    /// <inheritdoc/>
    public bool HasEnded
    {
        get
        {
            lock (_access)
                return _hasEnded;
        }
    }

    /// <summary>The number of unanswered calls.</summary>
    public int PendingCalls
    {
        get
        {
            lock (_access)
                return _pending.Count;
        }
    }

    /// <summary>The unanswered calls, for messages.</summary>
    public IReadOnlyList<string> Unanswered
    {
        get
        {
            lock (_access)
                return [.. _pending.Values.OrderBy(call => call.Number).Select(call => $"{call.Operation} of a managed object")];
        }
    }

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
        return pending.Answer.WaitForResult();
    }

    /// <inheritdoc/>
    public void SendOneWay(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads)
    {
        // Objects in memory live as long as their manager: references are not counted.
        if (operation is ObjectOperation.Hold or ObjectOperation.Drop or ObjectOperation.Contain)
            return;
        if (FindHost() is { } host)
            transport.SendToHost(this, host, () => host.HandleCall(this, new ObjectCall(target, 0, operation, 0, number, payloads)));
    }

    /// <inheritdoc/>
    public void Receive(ObjectReply reply)
    {
        if (_host is { } host)
            transport.SendToCaller(this, host, () => CompleteCall(reply));
    }

    /// <inheritdoc/>
    public void OnHostLost() => EndCalls(CreateLoss());

    /// <summary>Ends the process: its holds of the objects are released.</summary>
    public void EndCaller()
    {
        lock (_access)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
            _pending.Clear();
        }

        if (_host is { } host)
            transport.SendToHost(this, host, () => host.RemoveCallers(caller => caller == this));
    }

    /// <summary>Ends the unanswered calls.</summary>
    public void EndCalls(Exception reason)
    {
        List<UnansweredCall> pending;
        lock (_access)
        {
            pending = [.. _pending.Values];
            _pending.Clear();
        }

        pending.ForEach(call => call.Fail(reason));
    }

    private CoordinatorLostException CreateLoss() =>
        new($"The coordinator of the managed objects was lost. Create the objects again.\n{transport.FaultDescription}".TrimEnd());

    private ObjectHost? FindHost()
    {
        lock (_access)
        {
            if (_hasEnded)
                throw new SimulatedProcessEndedException();
            return _host ??= transport.Host;
        }
    }

    private UnansweredCall SendCall(
        ObjectId target, ObjectOperation operation, long timeout, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads,
        CancellationToken cancellationToken)
    {
        SimulatedRun.RequireAlive();
        cancellationToken.ThrowIfCancellationRequested();
        if (FindHost() is not { IsStopped: false } host)
        {
            lock (_access)
                _host = null;
            throw CreateLoss();
        }

        UnansweredCall pending;
        lock (_access)
        {
            pending = new UnansweredCall(target, operation, ++_last);
            _pending[pending.Number] = pending;
        }

        transport.SendToHost(
            this, host,
            () => host.HandleCall(this, new ObjectCall(target, pending.Number, operation, timeout, number, payloads)));
        return pending;
    }

    private void CompleteCall(ObjectReply reply)
    {
        UnansweredCall? pending;
        lock (_access)
        {
            if (_hasEnded || !_pending.Remove(reply.Call, out pending))
                return;
        }

        var host = _host!;
        if (pending.Operation.HandsOver(reply))
            transport.SendToHost(this, host, () => host.ConfirmReceipt(this, pending.Target, reply.Call));
        pending.Complete(reply);
    }

    private void AbandonCall(UnansweredCall pending, CancellationToken cancellationToken)
    {
        lock (_access)
        {
            if (!_pending.Remove(pending.Number))
                return;
        }

        if (_host is { } host)
            transport.SendToHost(this, host, () => host.AbandonCall(this, pending.Target, pending.Number));
        pending.Cancel(cancellationToken);
    }
}
