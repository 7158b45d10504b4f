using Actors.Messages.Collections;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A fair semaphore. A permit is either used up or held until it is returned. A permit that is held by a dead process, or whose receipt was
/// never confirmed, is freed.
/// </summary>
/// <param name="start">The initial number of permits.</param>
/// <param name="most">The most permits, including held ones.</param>
public sealed class SemaphoreState(long start, long most) : IManagedObjectState
{
    /// <summary>The most permits of an unbounded semaphore.</summary>
    public const long Unbounded = int.MaxValue;

    /// <summary>The bytes that a held or unconfirmed permit counts as.</summary>
    private const int GrantSize = 64;

    private readonly WaitingCalls _waiting = new();
    private readonly Dictionary<(Caller Caller, long Call), Permit> _granted = new(SeededCallComparer<Caller>.Instance);
    private long _free = start;

    private enum Permit
    {
        /// <summary>Used up, and the receipt is not confirmed.</summary>
        Unconfirmed,

        /// <summary>Held, and the receipt is not confirmed.</summary>
        UnconfirmedHold,

        /// <summary>Held.</summary>
        Hold,
    }

    /// <inheritdoc/>
    public long Size => (long)GrantSize * _granted.Count;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => _waiting.NextDeadline;

    /// <inheritdoc/>
    public void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.SemaphoreAcquire or ObjectOperation.SemaphoreWait: AddWaiting(caller, call, now, answers); break;
            case ObjectOperation.SemaphoreRelease when call.As<SemaphoreRelease>() is { } release:
                ReleasePermits(caller, release, answers);
                break;
            case ObjectOperation.SemaphoreReturn when call.As<SemaphoreReturn>() is { } @return:
                ReturnPermit(caller, @return, answers);
                break;
            case ObjectOperation.SemaphoreCount when call.As<SemaphoreCount>() is { } count:
                answers.AddReply(caller, count, new CountReply(_free));
                break;
            default: answers.AddStatus(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void ConfirmReceipt(Caller caller, long call)
    {
        if (!_granted.TryGetValue((caller, call), out var permit))
            return;
        if (permit == Permit.Unconfirmed)
            _granted.Remove((caller, call));
        else
            _granted[(caller, call)] = Permit.Hold;
    }

    /// <inheritdoc/>
    public void AbandonCall(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.RemoveWhere(waiting => waiting.IsCall(caller, call));
        if (_granted.TryGetValue((caller, call), out var permit) && permit != Permit.Hold)
            RevokePermit((caller, call), answers);
    }

    /// <inheritdoc/>
    public void RemoveCaller(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.RemoveWhere(waiting => waiting.Caller == caller);
        foreach (var key in _granted.Keys.Where(key => key.Caller == caller).ToList())
            RevokePermit(key, answers);
    }

    /// <inheritdoc/>
    public void ExpireCalls(TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.RemoveWhere(waiting => waiting.Deadline <= now))
            answers.AddStatus(waiting, ObjectStatus.TimedOut);
    }

    /// <inheritdoc/>
    public void EndAllCalls(List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.RemoveWhere(_ => true))
            answers.AddStatus(waiting, ObjectStatus.NoSuchObject);
    }

    private void AddWaiting(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.AddCall(new WaitingCall(caller, call, now));
        ServeWaiting(answers);
        if (call.TimeoutMilliseconds == 0)
            ExpireCalls(now, answers);
    }

    // Held permits count toward the bound, so that they can always be returned.
    private void ReleasePermits(Caller caller, TypedCall<SemaphoreRelease> call, List<ObjectAnswer> answers)
    {
        var count = call.Request.Count;
        var isIn = count >= 0 && count <= most - _free - _granted.Count;
        answers.AddStatus(caller, call, isIn ? ObjectStatus.Ok : ObjectStatus.OutOfBounds);
        if (isIn)
            FreePermits(count, answers);
    }

    private void ReturnPermit(Caller caller, TypedCall<SemaphoreReturn> call, List<ObjectAnswer> answers)
    {
        var key = (caller, call.Request.Permit);
        var isHeld = _granted.TryGetValue(key, out var permit) && permit != Permit.Unconfirmed;
        answers.AddStatus(caller, call, isHeld ? ObjectStatus.Ok : ObjectStatus.NotHeld);
        if (isHeld)
            RevokePermit(key, answers);
    }

    private void RevokePermit((Caller Caller, long Call) key, List<ObjectAnswer> answers)
    {
        _granted.Remove(key);
        FreePermits(1, answers);
    }

    private void FreePermits(long count, List<ObjectAnswer> answers)
    {
        _free += count;
        ServeWaiting(answers);
    }

    private void ServeWaiting(List<ObjectAnswer> answers)
    {
        while (_free > 0 && _waiting.First is { } next)
        {
            _waiting.RemoveFirst();
            var isHold = next.Call.Operation == ObjectOperation.SemaphoreAcquire;
            // Two permits under one call number could not both be returned.
            if (!_granted.TryAdd((next.Caller, next.Call.Call), isHold ? Permit.UnconfirmedHold : Permit.Unconfirmed))
            {
                answers.AddStatus(next, ObjectStatus.NotSupported);
                continue;
            }

            _free--;
            answers.AddReply(next, new PermitReply(next.Call.Call));
        }
    }
}
