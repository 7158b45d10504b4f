using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>An event that is set or not. It belongs to nobody: the death of who set it, or is to set it, changes nothing.</summary>
internal sealed class EventState : IManagedObjectState
{
    private readonly WaitingCalls _waiting = new();
    private bool _isSet;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => _waiting.NextDeadline;

    /// <inheritdoc/>
    public void Call(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.EventSet: Set(caller, call, answers); break;
            case ObjectOperation.EventClear: Clear(caller, call, answers); break;
            case ObjectOperation.EventIsSet: answers.Add(caller, call, ObjectStatus.Ok, _isSet ? 1 : 0); break;
            case ObjectOperation.EventWait: Wait(caller, call, now, answers); break;
            default: answers.Add(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void Received(Caller caller, long call)
    {
    }

    /// <inheritdoc/>
    public void Abandoned(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers) =>
        _waiting.Remove(waiting => waiting.Is(caller, call));

    /// <inheritdoc/>
    public void Died(Caller caller, TimeSpan now, List<ObjectAnswer> answers) => _waiting.Remove(waiting => waiting.Caller == caller);

    /// <inheritdoc/>
    public void Tick(TimeSpan now, List<ObjectAnswer> answers) => Answer(waiting => waiting.Deadline <= now, ObjectStatus.TimedOut, answers);

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers) => Answer(_ => true, ObjectStatus.NoSuchObject, answers);

    private void Set(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        _isSet = true;
        answers.Add(caller, call, ObjectStatus.Ok);
        Answer(_ => true, ObjectStatus.Ok, answers);
    }

    private void Clear(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        _isSet = false;
        answers.Add(caller, call, ObjectStatus.Ok);
    }

    private void Wait(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (_isSet || call.TimeoutMilliseconds == 0)
            answers.Add(caller, call, _isSet ? ObjectStatus.Ok : ObjectStatus.TimedOut);
        else
            _waiting.Add(new WaitingCall(caller, call, now));
    }

    private void Answer(Predicate<WaitingCall> match, ObjectStatus status, List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.Remove(match))
            answers.Add(waiting.Caller, waiting.Call, status);
    }
}
