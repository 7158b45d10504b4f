using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using static Actors.Coordinator.Tests.Objects.SyncCalls;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Runs a <see cref="SemaphoreState"/> through a schedule. No permit is lost or added, and they are granted in order.</summary>
internal sealed class SemaphoreSchedule(int start, int most)
{
    private readonly SemaphoreState _state = new(start, most);
    private readonly List<ObjectAnswer> _answers = [];
    private readonly List<(Caller Caller, long Call, bool IsHold, TimeSpan Deadline)> _open = [];
    private readonly List<(Caller Caller, long Call, bool IsHold, bool IsConfirmed)> _given = [];
    private readonly Caller[] _callers = [new(1), new(2), new(3)];
    private TimeSpan _now = TimeSpan.FromSeconds(1);
    private int _free = start;
    private int _lastCaller = 3;
    private long _lastCall;

    public void Step(int kind, int argument)
    {
        _now += TimeSpan.FromMilliseconds(argument % 5);
        var caller = _callers[argument % 3];
        switch (kind)
        {
            case 0 or 1: Ask(caller, isHold: kind == 0, argument % 4 == 0 ? argument % 13 : -1); break;
            case 2: Release(caller, argument % 3); break;
            case 3: Return(argument); break;
            case 4: Receive(argument); break;
            case 5: Die(argument % 3); break;
            case 6: Abandon(argument); break;
            default: _state.ExpireCalls(_now, _answers); break;
        }

        Check();
        Assert.True(_free == 0 || _open.Count == 0, "A call waits for a permit that is free.");
        Assert.Equal(_free, Assert.Single(_state.Ask(caller, Of(ObjectOperation.SemaphoreCount, ++_lastCall))).Number);
    }

    private void Ask(Caller caller, bool isHold, int timeout)
    {
        _open.Add((caller, ++_lastCall, isHold, timeout < 0 ? TimeSpan.MaxValue : _now + TimeSpan.FromMilliseconds(timeout)));
        var operation = isHold ? ObjectOperation.SemaphoreAcquire : ObjectOperation.SemaphoreWait;
        _state.HandleCall(caller, Of(operation, _lastCall, timeout: timeout), _now, _answers);
    }

    private void Release(Caller caller, int count)
    {
        var isIn = _free + _given.Count + count <= most;
        _state.HandleCall(caller, Of(ObjectOperation.SemaphoreRelease, ++_lastCall, count), _now, _answers);
        TakeReply(isIn ? ObjectStatus.Ok : ObjectStatus.OutOfBounds);
        _free += isIn ? count : 0;
    }

    private void Return(int argument)
    {
        if (_given.Where(given => given.IsHold).ToList() is not { Count: > 0 } holds)
            return;
        var hold = holds[argument % holds.Count];
        _state.HandleCall(hold.Caller, Of(ObjectOperation.SemaphoreReturn, ++_lastCall, hold.Call), _now, _answers);
        TakeReply(ObjectStatus.Ok);
        _given.Remove(hold);
        _free++;
    }

    private void Receive(int argument)
    {
        if (_given.Count == 0)
            return;
        var given = _given[argument % _given.Count];
        _given.Remove(given);
        if (given.IsHold)
            _given.Add(given with { IsConfirmed = true });
        _state.ConfirmReceipt(given.Caller, given.Call);
    }

    private void Die(int process)
    {
        var dead = _callers[process];
        _callers[process] = new Caller(++_lastCaller);
        _open.RemoveAll(open => open.Caller == dead);
        _free += _given.RemoveAll(given => given.Caller == dead);
        _state.RemoveCaller(dead, _now, _answers);
    }

    private void Abandon(int argument)
    {
        var calls = _open.Select(open => (open.Caller, open.Call)).Concat(_given.Select(given => (given.Caller, given.Call))).ToList();
        if (calls.Count == 0)
            return;
        var (caller, call) = calls[argument % calls.Count];
        _open.RemoveAll(open => open.Call == call);
        _free += _given.RemoveAll(given => given.Call == call && !given.IsConfirmed);
        _state.AbandonCall(caller, call, _now, _answers);
    }

    private void TakeReply(ObjectStatus status)
    {
        Assert.Equal(status, _answers[0].Reply.Status);
        _answers.RemoveAt(0);
    }

    private void Check()
    {
        foreach (var (caller, reply) in _answers)
        {
            var open = _open.Single(open => open.Call == reply.Call && open.Caller == caller);
            if (reply.Status == ObjectStatus.TimedOut)
            {
                Assert.True(open.Deadline <= _now, "A call timed out before its time.");
            }
            else
            {
                Assert.Equal(_open[0], open);
                Assert.True(_free-- > 0, "A permit was given that there is not.");
                _given.Add((caller, reply.Call, open.IsHold, false));
            }

            _open.Remove(open);
        }

        _answers.Clear();
    }
}
