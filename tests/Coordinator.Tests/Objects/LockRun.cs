using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using Xunit;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Drives a lock's core through a schedule beside a plain model: a line of waiters and a holder.</summary>
internal sealed class LockRun
{
    private readonly LockState _lock = new();
    private readonly List<ObjectAnswer> _answers = [];
    private readonly List<(CallKey Key, TimeSpan Deadline)> _line = [];
    private TimeSpan _now;
    private long _lastCall;
    private long _lastToken;
    private CallKey? _holder;
    private bool _confirmed;
    private bool _told;
    private bool _mustTell;

    internal void Do(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Take or StepKind.Ask:
                Acquire(step.Caller, step.Timeout);
                break;
            case StepKind.Give:
                Release(step.Caller, step.Choice % 5 == 0 ? _lastToken + 1 : _lastToken);
                break;
            case StepKind.Confirm:
                _confirmed |= _holder is not null;
                if (_holder is { } holder)
                    _lock.Received(holder.Caller, holder.Call);
                break;
            case StepKind.Abandon:
                Abandon(step.Choice);
                break;
            case StepKind.Die:
                Die(step.Caller);
                break;
            default:
                Wait(step.Choice % 12);
                break;
        }

        Assert.False(_holder is null && _line.Count > 0, "A caller waits for a free lock.");
    }

    /// <summary>After all processes are gone the lock is free, and whoever comes is told of a death that nobody was told of.</summary>
    internal void Finish()
    {
        for (int caller = 1; caller <= 4; caller++)
            Die(caller);
        Assert.Null(_holder);
        Acquire(9, 0);
        Assert.NotNull(_holder);
    }

    private void Acquire(int caller, int timeout)
    {
        var key = new CallKey(caller, ++_lastCall);
        _lock.Call(caller, Calls.Acquire(key.Call, timeout), _now, _answers);
        if (_holder is null || timeout != 0)
            _line.Add((key, timeout < 0 ? TimeSpan.MaxValue : _now + TimeSpan.FromMilliseconds(timeout)));
        else
            Expect(key, ObjectStatus.TimedOut);
        ExpectGrant();
    }

    private void Release(int caller, long token)
    {
        var key = new CallKey(caller, ++_lastCall);
        _lock.Call(caller, Calls.Release(key.Call, token), _now, _answers);
        bool holds = _holder is not null && token == _lastToken;
        Expect(key, holds ? ObjectStatus.Ok : ObjectStatus.NotHeld);
        if (holds)
            _holder = null;
        ExpectGrant();
    }

    private void Abandon(int choice)
    {
        var all = _line.Select(one => one.Key).Concat(_holder is { } holder ? [holder] : []).ToList();
        if (all.Count == 0)
            return;
        var key = all[choice % all.Count];
        _line.RemoveAll(one => one.Key == key);
        if (_holder == key && !_confirmed)
            (_holder, _mustTell) = (null, _told);
        _lock.Abandoned(key.Caller, key.Call, _answers);
        ExpectGrant();
    }

    private void Die(int caller)
    {
        _line.RemoveAll(one => one.Key.Caller == caller);
        if (_holder?.Caller == caller)
            (_holder, _mustTell) = (null, true);
        _lock.CallerDied(caller, _answers);
        ExpectGrant();
    }

    private void Wait(int milliseconds)
    {
        _now += TimeSpan.FromMilliseconds(milliseconds);
        _lock.TimePassed(_now, _answers);
        foreach (var (key, _) in _line.Where(one => one.Deadline <= _now).OrderBy(one => one.Deadline).ToList())
        {
            Expect(key, ObjectStatus.TimedOut);
            _line.RemoveAll(one => one.Key == key);
        }

        Assert.Empty(_answers);
        Assert.Equal(_line.Any(one => one.Deadline < TimeSpan.MaxValue), _lock.NextDeadline is not null);
    }

    // Who waits longest has it, with a larger token than anybody before; nobody else hears anything.
    private void ExpectGrant()
    {
        if (_holder is null && _line.Count > 0)
        {
            _holder = _line[0].Key;
            _line.RemoveAt(0);
            long token = Expect(_holder.Value, _mustTell ? ObjectStatus.OkAbandoned : ObjectStatus.Ok);
            Assert.True(token > _lastToken);
            (_lastToken, _confirmed, _told, _mustTell) = (token, false, _mustTell, false);
        }

        Assert.Empty(_answers);
    }

    private long Expect(CallKey key, ObjectStatus status)
    {
        var answer = Assert.Single(_answers, answer => new CallKey(answer.Caller, answer.Reply.Call) == key);
        Assert.Equal(status, answer.Reply.Status);
        _answers.Remove(answer);
        return answer.Reply.Number;
    }
}
