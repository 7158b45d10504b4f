using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using static Actors.Coordinator.Tests.Objects.ObjectCalls;
using static Actors.Coordinator.Tests.Objects.SyncCalls;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// Runs the lock with two conditions through a schedule of several processes. There is one holder at a time, with a growing token. No wait
/// ends without a notification, a death or a deadline, and no notified wait is forgotten.
/// </summary>
internal sealed class ConditionSchedule
{
    private const int Processes = 4;

    private readonly LockState _state = new();
    private readonly List<ObjectAnswer> _answers = [];
    private readonly Dictionary<long, Open> _open = [];
    private readonly Caller[] _callers = [.. Enumerable.Range(1, Processes).Select(number => new Caller(number))];
    private TimeSpan _now = TimeSpan.FromSeconds(1);
    private Hold? _hold;
    private long _lastCall;
    private long _lastToken;
    private int _lastCaller = Processes;

    // How many waits may still end: notifications, and those that a death or an abandoned call passes on.
    private long _reasons;

    public void Step(int kind, int argument)
    {
        _now += TimeSpan.FromMilliseconds(argument % 5);
        var timeout = argument % 3 == 0 ? argument % 17 : -1;
        switch (kind)
        {
            case 0 or 1: Ask(_callers[argument % Processes], call => Acquire(call, timeout), isWait: false, timeout); break;
            case 2 or 3:
                AsHolder(hold =>
                Ask(hold.Caller, call => Wait(call, hold.Token, argument % 2, timeout), isWait: true, timeout)); break;
            case 4: AsHolder(hold => Notify(hold, argument % 4, argument % 2)); break;
            case 5: AsHolder(Release); break;
            case 6: Receive(); break;
            case 7: Die(argument % Processes); break;
            case 8: Abandon(argument); break;
            default: Tick(); break;
        }

        Assert.True(_hold is not null || _open.Values.All(open => open.IsWait), "A call waits for a lock that is free.");
    }

    /// <summary>Ends the faults. Every wait is notified and gets the lock in turn.</summary>
    public void RunToTheEnd()
    {
        Ask(_callers[0], call => Acquire(call), isWait: false, -1);
        for (var round = 0; _hold is { } hold; round++)
        {
            Assert.True(round < 10_000, "The calls do not come to an end.");
            Receive();
            Notify(hold, int.MaxValue, 0);
            Notify(hold, int.MaxValue, 1);
            Release(hold);
        }

        Assert.Empty(_open);
        Assert.Null(_state.NextDeadline);
    }

    private void AsHolder(Action<Hold> act)
    {
        if (_hold is { } hold)
        {
            Receive();
            act(hold);
        }
    }

    private void Ask(Caller caller, Func<long, ObjectCall> make, bool isWait, int timeout)
    {
        var call = make(++_lastCall);
        _open[call.Call] = new Open(caller, isWait, timeout < 0 ? TimeSpan.MaxValue : _now + TimeSpan.FromMilliseconds(timeout));
        if (isWait)
            _hold = null;
        _state.HandleCall(caller, call, _now, _answers);
        Check();
    }

    private void Notify(Hold hold, int count, int condition)
    {
        _reasons += count;
        var call = SyncCalls.Notify(++_lastCall, hold.Token, count, condition);
        _state.HandleCall(hold.Caller, call, _now, _answers);
        TakeReply(call.Call);
        Check();
    }

    private void Release(Hold hold)
    {
        _hold = null;
        var call = ObjectCalls.Release(++_lastCall, hold.Token);
        _state.HandleCall(hold.Caller, call, _now, _answers);
        TakeReply(call.Call);
        Check();
    }

    private void Receive()
    {
        if (_hold is { } hold)
        {
            _hold = hold with { IsConfirmed = true };
            _state.ConfirmReceipt(hold.Caller, hold.Call);
        }
    }

    private void Die(int process)
    {
        var dead = _callers[process];
        _callers[process] = new Caller(++_lastCaller);
        foreach (var call in _open.Where(open => open.Value.Caller == dead).Select(open => open.Key).ToList())
            _open.Remove(call);
        if (_hold?.Caller == dead)
        {
            _reasons += _open.Count;
            _hold = null;
        }

        _state.RemoveCaller(dead, _now, _answers);
        Check();
    }

    private void Abandon(int argument)
    {
        var hold = _hold;
        var (caller, number) = argument % 2 == 0 && hold is { IsConfirmed: false } unheard
            ? (unheard.Caller, unheard.Call)
            : _open.Select(open => (open.Value.Caller, open.Key)).ElementAtOrDefault(argument % Math.Max(1, _open.Count));
        if (number == 0)
            return;
        _open.Remove(number);
        if (hold?.Call == number)
            TakeAway();
        _state.AbandonCall(caller, number, _now, _answers);
        Check();
    }

    // The notification of a call that is abandoned before its receipt may be passed on.
    private void TakeAway()
    {
        _reasons += _hold is { IsConfirmed: false, IsNotified: true } ? 1 : 0;
        _hold = null;
    }

    private void Tick()
    {
        _state.ExpireCalls(_now, _answers);
        Check();
        Assert.True(_state.NextDeadline is null || _state.NextDeadline > _now, "A call waits longer than its timeout.");
    }

    private void TakeReply(long call)
    {
        var reply = _answers.Single(answer => answer.Reply.Call == call);
        Assert.Equal(ObjectStatus.Ok, reply.Reply.Status);
        _answers.Remove(reply);
    }

    private void Check()
    {
        foreach (var (caller, reply) in _answers)
        {
            Assert.True(_open.Remove(reply.Call, out var open) && open.Caller == caller, "A call was answered that does not wait.");
            if (reply.Status == ObjectStatus.TimedOut)
                Assert.True(!open.IsWait && open.Deadline <= _now, "A call timed out before its time.");
            else
                CheckTaken(open, reply);
        }

        _answers.Clear();
    }

    private void CheckTaken(Open open, ObjectReply reply)
    {
        Assert.True(_hold is null, "Two hold the lock.");
        Assert.True(reply.Number > _lastToken, "A token is not greater than those before.");
        _lastToken = reply.Number;
        var isNotified = open.IsWait && reply.Payloads.IsEmpty;
        Assert.True(!isNotified || _reasons-- > 0, "A call was woken without a notification.");
        Assert.True(open.IsWait || reply.Payloads.IsEmpty);
        Assert.True(reply.Payloads.IsEmpty || open.Deadline <= _now, "A wait ended before its time.");
        _hold = new Hold(open.Caller, reply.Call, reply.Number, IsConfirmed: false, isNotified);
    }

    private readonly record struct Open(Caller Caller, bool IsWait, TimeSpan Deadline);

    private readonly record struct Hold(Caller Caller, long Call, long Token, bool IsConfirmed, bool IsNotified);
}
