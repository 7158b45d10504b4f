using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// Runs a <see cref="LockState"/> through a schedule of several processes and checks every answer. There is one holder at a time, calls are
/// served in order with growing tokens, and a holder is told if an earlier one died with the lock.
/// </summary>
internal sealed class LockSchedule
{
    private const int Processes = 4;

    private readonly ObjectId _id = ObjectId.New();
    private readonly LockState _state = new();
    private readonly List<ObjectAnswer> _answers = [];
    private readonly List<OpenCall> _open = [];
    private readonly Caller[] _callers = [.. Enumerable.Range(1, Processes).Select(number => new Caller(number))];
    private TimeSpan _now = TimeSpan.FromSeconds(1);
    private Hold? _hold;
    private long _lastCall;
    private long _lastToken;
    private int _lastCaller = Processes;
    private bool _isAbandoned;

    public void Step(int kind, int argument)
    {
        _now += TimeSpan.FromMilliseconds(argument % 7);
        var caller = _callers[argument % Processes];
        var timeout = (argument / 4 % 3) switch { 0 => 0, 1 => -1, _ => argument % 23 };
        switch (kind)
        {
            case 0 or 1: Acquire(caller, timeout); break;
            case 2: Acknowledge(); break;
            case 3: Release(caller, _hold?.Token ?? _lastToken); break;
            case 4: ReleaseStale(caller, argument); break;
            case 5: Abandon(argument); break;
            case 6: Die(argument % Processes); break;
            case 7: DieHolding(); break;
            default: Tick(); break;
        }

        CheckRest();
    }

    /// <summary>Ends the faults. Every waiting call gets the lock in turn.</summary>
    public void RunToTheEnd()
    {
        while (_hold is { } hold)
        {
            Acknowledge();
            Release(hold.Caller, hold.Token);
            CheckRest();
        }

        Assert.Empty(_open);
    }

    private void Acquire(Caller caller, int timeout)
    {
        var call = new ObjectCall(_id, ++_lastCall, ObjectOperation.Acquire, timeout, 0, []);
        _open.Add(new OpenCall(caller, call.Call, timeout < 0 ? TimeSpan.MaxValue : _now + TimeSpan.FromMilliseconds(timeout)));
        _state.HandleCall(caller, call, _now, _answers);
        Check();
        Assert.True(timeout != 0 || _open.All(open => open.Call != call.Call), "A call that was not to wait waits.");
    }

    private void Acknowledge()
    {
        if (_hold is not { } hold)
            return;
        _hold = hold with { IsConfirmed = true };
        _state.ConfirmReceipt(hold.Caller, hold.Call);
        // A received lock cannot be abandoned.
        _state.AbandonCall(hold.Caller, hold.Call, _now, _answers);
        Check();
    }

    private void Release(Caller caller, long token)
    {
        var expected = _hold?.Token == token ? ObjectStatus.Ok : ObjectStatus.NotHeld;
        if (expected == ObjectStatus.Ok)
            Free(isAbandoned: false);
        var call = new ObjectCall(_id, ++_lastCall, ObjectOperation.Release, -1, token, []);
        _state.HandleCall(caller, call, _now, _answers);
        Assert.Equal(new ObjectAnswer(caller, new ObjectReply(call.Call, expected, 0, [])), _answers[0]);
        _answers.RemoveAt(0);
        Check();
    }

    private void ReleaseStale(Caller caller, int argument) => Release(caller, _lastToken - 1 - argument % 2);

    private void Abandon(int argument)
    {
        if (argument % 2 == 0 && _open.Count > 0)
        {
            var call = _open[argument % _open.Count];
            _open.Remove(call);
            _state.AbandonCall(call.Caller, call.Call, _now, _answers);
        }
        else if (_hold is { IsConfirmed: false } hold)
        {
            Free(isAbandoned: hold.WasAbandoned);
            _state.AbandonCall(hold.Caller, hold.Call, _now, _answers);
        }

        Check();
    }

    private void DieHolding()
    {
        if (_hold is { } hold && Array.IndexOf(_callers, hold.Caller) is >= 0 and var process)
            Die(process);
    }

    private void Die(int process)
    {
        var dead = _callers[process];
        _open.RemoveAll(call => call.Caller == dead);
        if (_hold is { } hold && hold.Caller == dead)
            Free(isAbandoned: true);
        _state.RemoveCaller(dead, _now, _answers);
        _callers[process] = new Caller(++_lastCaller);
        Check();
    }

    private void Tick()
    {
        _state.ExpireCalls(_now, _answers);
        Check();
        Assert.All(_open, call => Assert.True(call.Deadline > _now, "A call waits longer than its timeout."));
    }

    private void Free(bool isAbandoned)
    {
        _hold = null;
        _isAbandoned = isAbandoned;
    }

    private void Check()
    {
        foreach (var answer in _answers)
            Check(answer);
        _answers.Clear();
    }

    private void Check(ObjectAnswer answer)
    {
        var call = _open.SingleOrDefault(call => call.Caller == answer.Caller && call.Call == answer.Reply.Call);
        Assert.True(call is not null, "A call was answered that does not wait.");
        if (answer.Reply.Status == ObjectStatus.TimedOut)
        {
            Assert.True(call.Deadline <= _now, "A call timed out before its time.");
            _open.Remove(call);
            return;
        }

        Assert.Equal(_isAbandoned ? ObjectStatus.OkAbandoned : ObjectStatus.Ok, answer.Reply.Status);
        Assert.True(_hold is null, "Two hold the lock.");
        Assert.Same(_open[0], call);
        Assert.True(answer.Reply.Number > _lastToken, "A token is not greater than those before.");
        _open.RemoveAt(0);
        _lastToken = answer.Reply.Number;
        _hold = new Hold(call.Caller, call.Call, _lastToken, IsConfirmed: false, WasAbandoned: _isAbandoned);
        _isAbandoned = false;
    }

    private void CheckRest()
    {
        Assert.True(_open.Count == 0 || _hold is not null, "A call waits for a lock that is free.");
        var deadline = _open.Select(call => call.Deadline).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        Assert.Equal(deadline == TimeSpan.MaxValue ? null : deadline, _state.NextDeadline);
        _state.HandleCall(_callers[0], new ObjectCall(_id, ++_lastCall, ObjectOperation.Holder, 0, 0, []), _now, _answers);
        Assert.Equal(_hold?.Token ?? 0, Assert.Single(_answers).Reply.Number);
        _answers.Clear();
    }

    private sealed record OpenCall(Caller Caller, long Call, TimeSpan Deadline);

    private readonly record struct Hold(Caller Caller, long Call, long Token, bool IsConfirmed, bool WasAbandoned);
}
