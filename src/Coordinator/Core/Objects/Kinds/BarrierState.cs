using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A barrier: the first waiting calls, as many as there are parties, form a round and continue together. If the last party has an action,
/// it runs the action first; until then the round is complete but does not continue, and later calls wait for the next round. A timeout or
/// the death of a party breaks the barrier for all. An abandoned wait does not count.
/// </summary>
public sealed class BarrierState(int parties) : IManagedObjectState
{
    private readonly WaitingCalls _waiting = new();
    private readonly WaitingCalls _completed = new();
    private WaitingCall? _actingParty;
    private bool _isBroken;
    private long _round;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => (_waiting.NextDeadline, _completed.NextDeadline) switch
    {
        ({ } next, { } complete) => next < complete ? next : complete,
        var (next, complete) => next ?? complete,
    };

    /// <inheritdoc/>
    public void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.BarrierWait: WaitForParties(caller, call, now, answers); break;
            case ObjectOperation.BarrierRelease when call.As<BarrierRelease>() is { } release:
                ReleaseRound(caller, release, answers);
                break;
            case ObjectOperation.BarrierAbort: AbortBarrier(caller, call, answers); break;
            case ObjectOperation.BarrierReset: ResetBarrier(caller, call, answers); break;
            case ObjectOperation.BarrierWaiting when call.As<BarrierWaiting>() is { } waiting:
                AnswerWaiting(caller, waiting, answers);
                break;
            default: answers.AddStatus(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void ConfirmReceipt(Caller caller, long call)
    {
    }

    /// <inheritdoc/>
    public void AbandonCall(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.RemoveWhere(waiting => waiting.IsCall(caller, call));
        _completed.RemoveWhere(waiting => waiting.IsCall(caller, call));
        if (_actingParty?.IsCall(caller, call) == true)
            BreakBarrier(answers);
    }

    /// <inheritdoc/>
    public void RemoveCaller(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        var waiting = _waiting.RemoveWhere(call => call.Caller == caller).Count;
        var completed = _completed.RemoveWhere(call => call.Caller == caller).Count;
        if (waiting + completed > 0 || _actingParty?.Caller == caller)
            BreakBarrier(answers);
    }

    /// <inheritdoc/>
    public void ExpireCalls(TimeSpan now, List<ObjectAnswer> answers)
    {
        if (NextDeadline <= now)
            BreakBarrier(answers);
    }

    /// <inheritdoc/>
    public void EndAllCalls(List<ObjectAnswer> answers) => AnswerAll(ObjectStatus.NoSuchObject, answers);

    private void WaitForParties(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (_isBroken)
        {
            answers.AddStatus(caller, call, ObjectStatus.Broken);
            return;
        }

        _waiting.AddCall(new WaitingCall(caller, call, now));
        CompleteRounds(answers);
        ExpireCalls(now, answers);
    }

    private void ReleaseRound(Caller caller, TypedCall<BarrierRelease> call, List<ObjectAnswer> answers)
    {
        if (_actingParty?.Caller != caller || call.Request.Round != _round)
        {
            answers.AddStatus(caller, call, ObjectStatus.Broken);
            return;
        }

        _actingParty = null;
        answers.AddReply(caller, call, new IndexReply(AnswerCompleted(answers)));
        CompleteRounds(answers);
    }

    private void AbortBarrier(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        answers.AddStatus(caller, call, ObjectStatus.Ok);
        BreakBarrier(answers);
    }

    private void ResetBarrier(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        answers.AddStatus(caller, call, ObjectStatus.Ok);
        _isBroken = false;
        AnswerAll(ObjectStatus.Broken, answers);
    }

    // As in Python, parties of a complete round do not count.
    private void AnswerWaiting(Caller caller, TypedCall<BarrierWaiting> call, List<ObjectAnswer> answers) =>
        answers.AddReply(caller, call, new CountReply(_waiting.Count, _isBroken ? ObjectStatus.Broken : ObjectStatus.Ok));

    private void CompleteRounds(List<ObjectAnswer> answers)
    {
        while (_actingParty is null && _waiting.Count >= parties)
        {
            _round++;
            for (var place = 0; place < parties - 1; place++)
                _completed.AddCall(_waiting.RemoveFirst());
            CompleteRound(_waiting.RemoveFirst(), answers);
        }
    }

    private void CompleteRound(WaitingCall last, List<ObjectAnswer> answers)
    {
        if (last.Call.ReadRequest<BarrierWait>() is { HasAction: true })
        {
            _actingParty = last;
            answers.AddReply(last, new BarrierReply(0, ActingRound: _round));
            return;
        }

        answers.AddReply(last, new BarrierReply(AnswerCompleted(answers)));
    }

    /// <summary>Answers the parties of the complete round that came before the last one.</summary>
    /// <returns>The index of the last one.</returns>
    private int AnswerCompleted(List<ObjectAnswer> answers)
    {
        var index = 0;
        while (!_completed.IsEmpty)
            answers.AddReply(_completed.RemoveFirst(), new BarrierReply(index++));
        return index;
    }

    private void BreakBarrier(List<ObjectAnswer> answers)
    {
        _isBroken = true;
        AnswerAll(ObjectStatus.Broken, answers);
    }

    // The party that runs the action already has an answer. It is told of the broken barrier when it releases the round.
    private void AnswerAll(ObjectStatus status, List<ObjectAnswer> answers)
    {
        _actingParty = null;
        foreach (var party in _completed.RemoveWhere(_ => true).Concat(_waiting.RemoveWhere(_ => true)))
            answers.AddStatus(party, status);
    }
}
