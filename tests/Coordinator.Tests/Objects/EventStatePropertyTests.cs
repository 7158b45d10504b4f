using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using CsCheck;
using static Actors.Coordinator.Tests.Objects.SyncCalls;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Random schedules of an event: a call that waits while it is set, or comes while it is set, continues.</summary>
public sealed class EventStatePropertyTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 1000]).Array[0, 100];

    [Fact]
    public void Event_AfterAnySchedule_HasAnsweredEachCall() => Schedules.Sample(steps =>
    {
        var managed = new EventState();
        var waiting = new Dictionary<long, (Caller Caller, double Deadline)>();
        var isSet = false;
        var (now, lastCall) = (0d, 0L);
        foreach (var (kind, argument) in steps)
        {
            now += argument % 4;
            var caller = new Caller(argument % 3);
            var replies = kind switch
            {
                0 => managed.Ask(caller, Of(ObjectOperation.EventSet, ++lastCall)),
                1 => managed.Ask(caller, Of(ObjectOperation.EventClear, ++lastCall)),
                2 or 3 => managed.Ask(caller, Of(ObjectOperation.EventWait, ++lastCall, timeout: argument % 9 - 1),
                    TimeSpan.FromMilliseconds(now)),
                4 => managed.Die(caller),
                5 => managed.Abandon(caller, lastCall),
                _ => managed.TickAt(now),
            };
            isSet = kind switch { 0 => true, 1 => false, _ => isSet };
            var expected = kind switch
            {
                0 => [lastCall, .. waiting.Keys],
                1 => [lastCall],
                2 or 3 when isSet || argument % 9 == 1 => [lastCall],
                > 5 => waiting.Where(call => call.Value.Deadline <= now).Select(call => call.Key).ToList(),
                _ => new List<long>(),
            };
            if (kind is 2 or 3)
                waiting[lastCall] = (caller, argument % 9 == 0 ? double.MaxValue : now + argument % 9 - 1);
            foreach (var gone in waiting.Where(call => kind == 4 && call.Value.Caller == caller || kind == 5 && call.Key == lastCall
                && call.Value.Caller == caller).ToList())
                waiting.Remove(gone.Key);
            Assert.Equal(expected.Order(), replies.Select(reply => reply.Call).Order());
            Assert.All(replies, reply => Assert.Equal(kind > 5 || kind > 1 && !isSet ? ObjectStatus.TimedOut : ObjectStatus.Ok,
                reply.Status));
            expected.ForEach(call => waiting.Remove(call));
        }
    }, iter: 1000);
}
