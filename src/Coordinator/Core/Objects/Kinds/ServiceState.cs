using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// Calls that one process serves for others, one at a time and in order. The first process that serves is the host. When it dies, its state
/// is lost: every waiting and later call is answered as broken.
/// </summary>
internal sealed class ServiceState : IManagedObjectState
{
    private readonly WaitingCalls _waiting = new();
    private readonly WaitingCalls _awaiting = new();
    private (Caller Caller, ObjectCall Call)? _current;
    private ObjectCall? _idleCall;
    private Caller? _host;
    private bool _isBroken;
    private long _lastNumber;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => (_waiting.NextDeadline, _awaiting.NextDeadline) switch
    {
        ({ } call, { } wait) => call < wait ? call : wait,
        var (call, wait) => call ?? wait,
    };

    /// <inheritdoc/>
    public void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.Serve when _host is null || _host == caller: ServeNext(caller, call, answers); break;
            case ObjectOperation.Serve: answers.AddReply(caller, call, ObjectStatus.Exists); break;
            case ObjectOperation.Invoke or ObjectOperation.AwaitService when _isBroken:
                answers.AddReply(caller, call, ObjectStatus.Broken);
                break;
            case ObjectOperation.Invoke: AddWaiting(_waiting, caller, call, now, answers); break;
            case ObjectOperation.AwaitService when _host is not null: answers.AddReply(caller, call, ObjectStatus.Ok); break;
            case ObjectOperation.AwaitService: AddWaiting(_awaiting, caller, call, now, answers); break;
            default: answers.AddReply(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void ConfirmReceipt(Caller caller, long call)
    {
    }

    /// <summary>Abandons a call. If it is being served, its result is dropped.</summary>
    public void AbandonCall(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.RemoveWhere(waiting => waiting.IsCall(caller, call));
        _awaiting.RemoveWhere(waiting => waiting.IsCall(caller, call));
        if (_current is { } served && served.Caller == caller && served.Call.Call == call)
            _current = null;
        if (_host == caller && _idleCall?.Call == call)
            _idleCall = null;
    }

    /// <inheritdoc/>
    public void RemoveCaller(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.RemoveWhere(waiting => waiting.Caller == caller);
        _awaiting.RemoveWhere(waiting => waiting.Caller == caller);
        if (_current?.Caller == caller)
            _current = null;
        if (_host == caller)
            BreakService(answers);
    }

    /// <inheritdoc/>
    public void ExpireCalls(TimeSpan now, List<ObjectAnswer> answers)
    {
        WaitingCalls[] all = [_waiting, _awaiting];
        foreach (var waiting in all.SelectMany(calls => calls.RemoveWhere(waiting => waiting.Deadline <= now)))
            answers.AddReply(waiting.Caller, waiting.Call, ObjectStatus.TimedOut);
    }

    /// <inheritdoc/>
    public void EndAllCalls(List<ObjectAnswer> answers)
    {
        EndAll(ObjectStatus.NoSuchObject, answers);
        if (_host is { } host && _idleCall is { } idle)
            answers.AddReply(host, idle, ObjectStatus.NoSuchObject);
    }

    private void ServeNext(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        _host = caller;
        foreach (var waiting in _awaiting.RemoveWhere(_ => true))
            answers.AddReply(waiting.Caller, waiting.Call, ObjectStatus.Ok);
        // Another number than the last one belongs to an abandoned call.
        if (_current is { } served && (call.Number == _lastNumber || call.Number == -_lastNumber))
            answers.AddReply(served.Caller, served.Call, call.Number > 0 ? ObjectStatus.Ok : ObjectStatus.Threw, 0, call.Payloads);
        _current = null;
        _idleCall = call;
        DeliverNext(answers);
    }

    private void AddWaiting(WaitingCalls calls, Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        calls.AddCall(new WaitingCall(caller, call, now));
        DeliverNext(answers);
        if (call.TimeoutMilliseconds == 0)
            ExpireCalls(now, answers);
    }

    private void DeliverNext(List<ObjectAnswer> answers)
    {
        if (_host is not { } host || _idleCall is not { } idle || _waiting.First is not { } next)
            return;
        _waiting.RemoveFirst();
        _idleCall = null;
        _current = (next.Caller, next.Call);
        answers.AddReply(host, idle, ObjectStatus.Ok, ++_lastNumber, next.Call.Payloads);
    }

    private void BreakService(List<ObjectAnswer> answers)
    {
        _isBroken = true;
        _idleCall = null;
        EndAll(ObjectStatus.Broken, answers);
    }

    private void EndAll(ObjectStatus status, List<ObjectAnswer> answers)
    {
        if (_current is { } served)
            answers.AddReply(served.Caller, served.Call, status);
        _current = null;
        foreach (var waiting in _waiting.RemoveWhere(_ => true).Concat(_awaiting.RemoveWhere(_ => true)))
            answers.AddReply(waiting.Caller, waiting.Call, status);
    }
}
