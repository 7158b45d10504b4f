using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using static Actors.Coordinator.Tests.Objects.SyncCalls;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// Runs a <see cref="BarrierState"/> through a schedule. Parties continue only in complete rounds, each with its own index, and none waits
/// at a broken or complete barrier.
/// </summary>
internal sealed class BarrierSchedule(int parties)
{
    private readonly BarrierState _state = new(parties);
    private readonly List<ObjectAnswer> _answers = [];
    private readonly Dictionary<long, (Caller Caller, TimeSpan Deadline)> _open = [];
    private readonly Caller[] _callers = [new(1), new(2), new(3), new(4)];
    private (Caller Caller, long Call, long Round)? _acting;
    private TimeSpan _now = TimeSpan.FromSeconds(1);
    private int _withdrawn;
    private int _lastCaller = 4;
    private long _lastCall;

    public void Step(int kind, int argument)
    {
        _now += TimeSpan.FromMilliseconds(argument % 5);
        var caller = _callers[argument % 4];
        switch (kind)
        {
            case 0 or 1 or 2 or 3: Wait(caller, kind == 0 ? 1 : 0, argument % 5 == 0 ? argument % 40 : -1); break;
            case 4 or 5: Release(); break;
            case 6: Tell(caller, argument % 3 == 0 ? ObjectOperation.BarrierAbort : ObjectOperation.BarrierReset); break;
            case 7: Die(argument % 4); break;
            case 8: Abandon(argument); break;
            default: _state.ExpireCalls(_now, _answers); break;
        }

        Check();
        CheckRest(caller);
    }

    private void Wait(Caller caller, int action, int timeout)
    {
        _open[++_lastCall] = (caller, timeout < 0 ? TimeSpan.MaxValue : _now + TimeSpan.FromMilliseconds(timeout));
        _state.HandleCall(caller, Of(ObjectOperation.BarrierWait, _lastCall, action, timeout), _now, _answers);
    }

    private void Release()
    {
        if (_acting is not { } acting)
            return;
        _acting = null;
        _open[++_lastCall] = (acting.Caller, TimeSpan.MaxValue);
        _state.HandleCall(acting.Caller, Of(ObjectOperation.BarrierRelease, _lastCall, acting.Round), _now, _answers);
    }

    private void Tell(Caller caller, ObjectOperation operation)
    {
        _state.HandleCall(caller, Of(operation, ++_lastCall), _now, _answers);
        Assert.Equal(ObjectStatus.Ok, _answers[0].Reply.Status);
        _answers.RemoveAt(0);
    }

    private void Die(int process)
    {
        var dead = _callers[process];
        _callers[process] = new Caller(++_lastCaller);
        foreach (var call in _open.Where(open => open.Value.Caller == dead).Select(open => open.Key).ToList())
            _open.Remove(call);
        if (_acting?.Caller == dead)
            _acting = null;
        _state.RemoveCaller(dead, _now, _answers);
    }

    private void Abandon(int argument)
    {
        if (_open.Count == 0)
            return;
        var (call, open) = _open.ElementAt(argument % _open.Count);
        _open.Remove(call);
        _withdrawn++;
        _state.AbandonCall(open.Caller, call, _now, _answers);
    }

    private void Check()
    {
        var places = new List<long>();
        foreach (var (caller, reply) in _answers)
        {
            Assert.True(_open.Remove(reply.Call, out var open) && open.Caller == caller, "A call was answered that does not wait.");
            if (!reply.Payloads.IsEmpty)
                _acting = (caller, reply.Call, reply.Number);
            else if (reply.Status == ObjectStatus.Ok)
                places.Add(reply.Number);
            else
                Assert.Equal(ObjectStatus.Broken, reply.Status);
        }

        // Rounds are complete, except for parties that abandoned their wait while the action ran.
        for (var place = 0; place < places.Count; place++)
            Assert.True(places[place] == 0 || places[place] == places[place - 1] + 1, "A place is missing.");
        var missing = places.Count == 0 ? 0 : (parties - places.Count % parties) % parties;
        Assert.True(missing <= _withdrawn, "A round was not complete.");
        _answers.Clear();
    }

    private void CheckRest(Caller caller)
    {
        var reply = Assert.Single(_state.Ask(caller, Of(ObjectOperation.BarrierWaiting, ++_lastCall)));
        Assert.True(reply.Status == ObjectStatus.Ok || _open.Count == 0, "A call waits at a broken barrier.");
        Assert.True(reply.Number < parties || _acting is not null, "A complete round waits.");
    }
}
