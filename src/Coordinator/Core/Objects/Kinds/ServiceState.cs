using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// Calls that one process serves for others, one at a time and in order. The first process that serves is the host. When it dies, its state
/// is lost: every waiting and later call is answered as broken.
/// </summary>
public sealed class ServiceState : IManagedObjectState
{
    private readonly WaitingCalls _waiting = new();
    private readonly WaitingCalls _awaiting = new();
    private WaitingCall? _current;
    private TypedCall<ServiceServe>? _idleCall;
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
            case ObjectOperation.Serve when call.As<ServiceServe>() is { } serve: ServeNext(caller, serve, answers); break;
            case ObjectOperation.Invoke when call.ReadRequest<ServiceInvoke>() is not null:
                AddWaiting(_waiting, caller, call, now, answers);
                break;
            case ObjectOperation.AwaitService when _host is not null && !_isBroken: answers.AddStatus(caller, call, ObjectStatus.Ok); break;
            case ObjectOperation.AwaitService: AddWaiting(_awaiting, caller, call, now, answers); break;
            default: answers.AddStatus(caller, call, ObjectStatus.NotSupported); break;
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
        if (_current?.IsCall(caller, call) == true)
            _current = null;
        if (_host == caller && _idleCall?.Envelope.Call == call)
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
            answers.AddStatus(waiting, ObjectStatus.TimedOut);
    }

    /// <inheritdoc/>
    public void EndAllCalls(List<ObjectAnswer> answers)
    {
        EndAll(ObjectStatus.NoSuchObject, answers);
        if (_host is { } host && _idleCall is { } idle)
            answers.AddStatus(host, idle, ObjectStatus.NoSuchObject);
    }

    private void ServeNext(Caller caller, TypedCall<ServiceServe> call, List<ObjectAnswer> answers)
    {
        if (_host is { } host && host != caller)
        {
            answers.AddStatus(caller, call, ObjectStatus.Exists);
            return;
        }

        _host = caller;
        foreach (var waiting in _awaiting.RemoveWhere(_ => true))
            answers.AddStatus(waiting, ObjectStatus.Ok);
        AnswerCurrent(call.Request, answers);
        // A host waits for one call at a time.
        if (_idleCall is { } idle)
            answers.AddStatus(caller, idle, ObjectStatus.NotSupported);
        _idleCall = call;
        DeliverNext(answers);
    }

    private void AnswerCurrent(ServiceServe serve, List<ObjectAnswer> answers)
    {
        if (_current is not { } served)
            return;
        _current = null;
        // A host that answers another call than the last one has lost that one.
        if (serve.Call == _lastNumber)
            answers.AddReply(served, new ItemReply(serve.Answer, serve.HasThrown ? ObjectStatus.Threw : ObjectStatus.Ok));
        else
            answers.AddStatus(served, ObjectStatus.Broken);
    }

    private void AddWaiting(WaitingCalls calls, Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (_isBroken)
        {
            answers.AddStatus(caller, call, ObjectStatus.Broken);
            return;
        }

        calls.AddCall(new WaitingCall(caller, call, now));
        DeliverNext(answers);
        if (call.TimeoutMilliseconds == 0)
            ExpireCalls(now, answers);
    }

    private void DeliverNext(List<ObjectAnswer> answers)
    {
        if (_host is not { } host || _idleCall is not { } idle || _waiting.First is not { } next)
            return;
        _idleCall = null;
        _current = _waiting.RemoveFirst();
        var (function, arguments) = next.Call.ReadRequest<ServiceInvoke>()!.Value;
        answers.AddReply(host, idle, new ServedCallReply(++_lastNumber, function, arguments));
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
            answers.AddStatus(served, status);
        _current = null;
        foreach (var waiting in _waiting.RemoveWhere(_ => true).Concat(_awaiting.RemoveWhere(_ => true)))
            answers.AddStatus(waiting, status);
    }
}
