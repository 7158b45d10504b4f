using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A barrier: the first calls of the line, as many as there are parties, make a round and go on together. A last party that has an action
/// runs it first; until it is done the round is complete and does not go on, and who comes waits for the next one. A party whose time runs
/// out, or whose process dies, breaks the barrier for all; one that is withdrawn has not come.
/// </summary>
internal sealed class BarrierState(int parties) : IManagedObjectState
{
    private readonly WaitingCalls _waiting = new();
    private readonly WaitingCalls _complete = new();
    private WaitingCall? _acting;
    private bool _isBroken;
    private long _round;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => (_waiting.NextDeadline, _complete.NextDeadline) switch
    {
        ({ } next, { } complete) => next < complete ? next : complete,
        var (next, complete) => next ?? complete,
    };

    /// <inheritdoc/>
    public void Call(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.BarrierWait: Wait(caller, call, now, answers); break;
            case ObjectOperation.BarrierRelease: Release(caller, call, answers); break;
            case ObjectOperation.BarrierAbort: Abort(caller, call, answers); break;
            case ObjectOperation.BarrierReset: Reset(caller, call, answers); break;
            case ObjectOperation.BarrierWaiting: Waiting(caller, call, answers); break;
            default: answers.Add(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void Received(Caller caller, long call)
    {
    }

    /// <inheritdoc/>
    public void Abandoned(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.Remove(waiting => waiting.Is(caller, call));
        _complete.Remove(waiting => waiting.Is(caller, call));
        if (_acting?.Is(caller, call) == true)
            Break(answers);
    }

    /// <inheritdoc/>
    public void Died(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        var dead = _waiting.Remove(waiting => waiting.Caller == caller).Count + _complete.Remove(waiting => waiting.Caller == caller).Count;
        if (dead > 0 || _acting?.Caller == caller)
            Break(answers);
    }

    /// <inheritdoc/>
    public void Tick(TimeSpan now, List<ObjectAnswer> answers)
    {
        if (NextDeadline <= now)
            Break(answers);
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers) => Clear(ObjectStatus.NoSuchObject, answers);

    private void Wait(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (_isBroken)
        {
            answers.Add(caller, call, ObjectStatus.Broken);
            return;
        }

        _waiting.Add(new WaitingCall(caller, call, now));
        GoOn(answers);
        Tick(now, answers);
    }

    private void Release(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        if (_acting?.Caller != caller || call.Number != _round)
        {
            answers.Add(caller, call, ObjectStatus.Broken);
            return;
        }

        _acting = null;
        var place = 0;
        while (!_complete.IsEmpty)
            Answer(_complete.RemoveFirst(), ObjectStatus.Ok, place++, answers);
        answers.Add(caller, call, ObjectStatus.Ok, place);
        GoOn(answers);
    }

    private void Abort(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        answers.Add(caller, call, ObjectStatus.Ok);
        Break(answers);
    }

    private void Reset(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        answers.Add(caller, call, ObjectStatus.Ok);
        _isBroken = false;
        Clear(ObjectStatus.Broken, answers);
    }

    // As Python's: those of a round that is complete do not wait any more.
    private void Waiting(Caller caller, ObjectCall call, List<ObjectAnswer> answers) =>
        answers.Add(caller, call, _isBroken ? ObjectStatus.Broken : ObjectStatus.Ok, _waiting.Count);

    private void GoOn(List<ObjectAnswer> answers)
    {
        while (_acting is null && _waiting.Count >= parties)
        {
            _round++;
            for (var place = 0; place < parties - 1; place++)
                _complete.Add(_waiting.RemoveFirst());
            Complete(_waiting.RemoveFirst(), answers);
        }
    }

    private void Complete(WaitingCall last, List<ObjectAnswer> answers)
    {
        if (last.Call.Number != 0)
        {
            _acting = last;
            answers.Add(last.Caller, last.Call, ObjectStatus.Ok, _round, [ReadOnlyMemory<byte>.Empty]);
            return;
        }

        for (var place = 0; !_complete.IsEmpty; place++)
            Answer(_complete.RemoveFirst(), ObjectStatus.Ok, place, answers);
        Answer(last, ObjectStatus.Ok, parties - 1, answers);
    }

    private void Break(List<ObjectAnswer> answers)
    {
        _isBroken = true;
        Clear(ObjectStatus.Broken, answers);
    }

    // Who runs its action has had an answer already: it hears of the end when it is done.
    private void Clear(ObjectStatus status, List<ObjectAnswer> answers)
    {
        _acting = null;
        foreach (var party in _complete.Remove(_ => true).Concat(_waiting.Remove(_ => true)))
            Answer(party, status, 0, answers);
    }

    private static void Answer(WaitingCall party, ObjectStatus status, long number, List<ObjectAnswer> answers) =>
        answers.Add(party.Caller, party.Call, status, number);
}
