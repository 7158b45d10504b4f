using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Simulation.Tests.Objects;

/// <content>A barrier, in half of the schedules with an action that its last party runs.</content>
internal sealed partial class ObjectUser
{
    private bool _isBroken;

    /// <summary>Ends the waits of all parties.</summary>
    public void AbortBarrier() => Call(14, _world.Barrier, new BarrierAbort(), 0, static _ => { });

    private void WaitAtBarrier(int choice)
    {
        if (choice % 9 == 0)
        {
            Call(6, _world.Barrier, new BarrierAbort(), 0, static _ => { });
            return;
        }

        if (_isBroken)
        {
            _isBroken = false;
            Call(6, _world.Barrier, new BarrierReset(), 0, static _ => { });
            return;
        }

        var party = _session.Number;
        _world.Rounds.RecordArrival(party);
        Call(6, _world.Barrier, new BarrierWait(_world.HasAction), choice % 3 == 0 ? -1 : 800, reply => OnBarrierReply(party, reply));
    }

    private void OnBarrierReply(long party, ObjectReply? reply)
    {
        if (reply is { Status: ObjectStatus.Ok } && BarrierReply.FromEnvelope(reply) is { ActingRound: { } round })
            RunAction(party, round);
        else
            EndBarrierWait(party, reply, isActing: false);
    }

    /// <summary>Runs the action, and then releases the other parties. A release of another round does nothing.</summary>
    private void RunAction(long party, long round)
    {
        var session = _session;
        _busy.Add(6);
        if (round % 3 == 0)
            Call(14, _world.Barrier, new BarrierRelease(round - 1), 0, _world.CheckWrongRelease);
        _world.Schedule(TimeSpan.FromMilliseconds(5), session, () =>
        {
            _world.OnRelease();
            Call(6, _world.Barrier, new BarrierRelease(round), 0, reply => EndBarrierWait(party, reply, isActing: true));
        });
    }

    private void EndBarrierWait(long party, ObjectReply? reply, bool isActing)
    {
        if (reply is { Status: ObjectStatus.Ok })
            _world.OnBarrierPassed(party, reply.Number, isActing);
        else if (reply is not null)
            _world.Rounds.RecordFailure(party);
        _isBroken = reply is { Status: ObjectStatus.Broken };
    }
}
