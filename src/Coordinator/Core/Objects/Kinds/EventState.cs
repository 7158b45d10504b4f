using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>An event that is set or not. It has no owner: the death of a process changes nothing.</summary>
public sealed class EventState : IManagedObjectState
{
    private readonly WaitingCalls _waiting = new();
    private bool _isSet;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => _waiting.NextDeadline;

    /// <inheritdoc/>
    public void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.EventSet: SetEvent(caller, call, answers); break;
            case ObjectOperation.EventClear: ClearEvent(caller, call, answers); break;
            case ObjectOperation.EventIsSet when call.As<EventIsSet>() is { } isSet:
                answers.AddReply(caller, isSet, new EventReply(_isSet));
                break;
            case ObjectOperation.EventWait: WaitForSet(caller, call, now, answers); break;
            default: answers.AddStatus(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void ConfirmReceipt(Caller caller, long call)
    {
    }

    /// <inheritdoc/>
    public void AbandonCall(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers) =>
        _waiting.RemoveWhere(waiting => waiting.IsCall(caller, call));

    /// <inheritdoc/>
    public void RemoveCaller(Caller caller, TimeSpan now, List<ObjectAnswer> answers) =>
        _waiting.RemoveWhere(waiting => waiting.Caller == caller);

    /// <inheritdoc/>
    public void ExpireCalls(TimeSpan now, List<ObjectAnswer> answers) =>
        AnswerWaiting(waiting => waiting.Deadline <= now, ObjectStatus.TimedOut, answers);

    /// <inheritdoc/>
    public void EndAllCalls(List<ObjectAnswer> answers) => AnswerWaiting(_ => true, ObjectStatus.NoSuchObject, answers);

    private void SetEvent(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        _isSet = true;
        answers.AddStatus(caller, call, ObjectStatus.Ok);
        AnswerWaiting(_ => true, ObjectStatus.Ok, answers);
    }

    private void ClearEvent(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        _isSet = false;
        answers.AddStatus(caller, call, ObjectStatus.Ok);
    }

    private void WaitForSet(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (_isSet || call.TimeoutMilliseconds == 0)
            answers.AddStatus(caller, call, _isSet ? ObjectStatus.Ok : ObjectStatus.TimedOut);
        else
            _waiting.AddCall(new WaitingCall(caller, call, now));
    }

    private void AnswerWaiting(Predicate<WaitingCall> match, ObjectStatus status, List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.RemoveWhere(match))
            answers.AddStatus(waiting, status);
    }
}
