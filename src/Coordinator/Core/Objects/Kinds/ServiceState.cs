using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// Calls that one process serves for others, one after the other in the order they came. The first process that serves is the host; when
/// it dies, every call that waits and every later one is answered as broken: its state died with it.
/// </summary>
internal sealed class ServiceState : IManagedObjectState
{
    private readonly WaitingCalls _waiting = new();
    private readonly WaitingCalls _awaiting = new();
    private (Caller Caller, ObjectCall Call)? _served;
    private ObjectCall? _idle;
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
    public void Call(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.Serve when _host is null || _host == caller: Serve(caller, call, answers); break;
            case ObjectOperation.Serve: answers.Add(caller, call, ObjectStatus.Exists); break;
            case ObjectOperation.Invoke or ObjectOperation.AwaitService when _isBroken: answers.Add(caller, call, ObjectStatus.Broken); break;
            case ObjectOperation.Invoke: Wait(_waiting, caller, call, now, answers); break;
            case ObjectOperation.AwaitService when _host is not null: answers.Add(caller, call, ObjectStatus.Ok); break;
            case ObjectOperation.AwaitService: Wait(_awaiting, caller, call, now, answers); break;
            default: answers.Add(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void Received(Caller caller, long call)
    {
    }

    /// <summary>A call that is being served cannot be taken back: its result is dropped.</summary>
    public void Abandoned(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.Remove(waiting => waiting.Is(caller, call));
        _awaiting.Remove(waiting => waiting.Is(caller, call));
        if (_served is { } served && served.Caller == caller && served.Call.Call == call)
            _served = null;
        if (_host == caller && _idle?.Call == call)
            _idle = null;
    }

    /// <inheritdoc/>
    public void Died(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.Remove(waiting => waiting.Caller == caller);
        _awaiting.Remove(waiting => waiting.Caller == caller);
        if (_served?.Caller == caller)
            _served = null;
        if (_host == caller)
            Break(answers);
    }

    /// <inheritdoc/>
    public void Tick(TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.Remove(waiting => waiting.Deadline <= now).Concat(_awaiting.Remove(waiting => waiting.Deadline <= now)))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.TimedOut);
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers)
    {
        EndAll(ObjectStatus.NoSuchObject, answers);
        if (_host is { } host && _idle is { } idle)
            answers.Add(host, idle, ObjectStatus.NoSuchObject);
    }

    private void Serve(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        _host = caller;
        foreach (var waiting in _awaiting.Remove(_ => true))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.Ok);
        // A number that is not the last is of a call that nobody waits for any more.
        if (_served is { } served && (call.Number == _lastNumber || call.Number == -_lastNumber))
            answers.Add(served.Caller, served.Call, call.Number > 0 ? ObjectStatus.Ok : ObjectStatus.Threw, 0, call.Payloads);
        _served = null;
        _idle = call;
        GiveNext(answers);
    }

    private void Wait(WaitingCalls calls, Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        calls.Add(new WaitingCall(caller, call, now));
        GiveNext(answers);
        if (call.TimeoutMilliseconds == 0)
            Tick(now, answers);
    }

    private void GiveNext(List<ObjectAnswer> answers)
    {
        if (_host is not { } host || _idle is not { } idle || _waiting.First is not { } next)
            return;
        _waiting.RemoveFirst();
        _idle = null;
        _served = (next.Caller, next.Call);
        answers.Add(host, idle, ObjectStatus.Ok, ++_lastNumber, next.Call.Payloads);
    }

    private void Break(List<ObjectAnswer> answers)
    {
        _isBroken = true;
        _idle = null;
        EndAll(ObjectStatus.Broken, answers);
    }

    private void EndAll(ObjectStatus status, List<ObjectAnswer> answers)
    {
        if (_served is { } served)
            answers.Add(served.Caller, served.Call, status);
        _served = null;
        foreach (var waiting in _waiting.Remove(_ => true).Concat(_awaiting.Remove(_ => true)))
            answers.Add(waiting.Caller, waiting.Call, status);
    }
}
