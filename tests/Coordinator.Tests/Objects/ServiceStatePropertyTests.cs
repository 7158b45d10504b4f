using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using CsCheck;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Random schedules of calls, answers, abandoned calls, deaths and time.</summary>
public sealed class ServiceStatePropertyTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 3]).Array[0, 150];

    [Fact]
    public void Service_AfterAnySchedule_HasAnsweredEachCallOnceAndInOrder() => Schedules.Sample(steps =>
    {
        var managed = new Schedule();
        foreach (var (kind, argument) in steps)
            managed.Step(kind, argument);
        managed.RunToTheEnd();
    }, iter: 1000);

    [Fact]
    public void Serve_AnotherProcess_IsRefused()
    {
        var state = new ServiceState();
        List<ObjectAnswer> answers = [];
        state.HandleCall(new Caller(1), Serve(1, 0), TimeSpan.Zero, answers);
        state.HandleCall(new Caller(2), Serve(2, 0), TimeSpan.Zero, answers);

        Assert.Equal((new Caller(2), ObjectStatus.Exists), (answers.Single().Caller, answers.Single().Reply.Status));
    }

    private static ObjectCall Serve(long number, long answered) => new(default, number, ObjectOperation.Serve, -1, answered, []);

    /// <summary>Callers 1 to 4 and the host 9. Each call carries its own number.</summary>
    private sealed class Schedule
    {
        private static readonly Caller Host = new(9);

        private readonly ServiceState _state = new();
        private readonly List<ObjectAnswer> _answers = [];
        private readonly Dictionary<long, Caller> _open = [];
        private readonly Queue<long> _expected = new();
        private TimeSpan _now = TimeSpan.FromDays(1);
        private long _lastCall;
        private long _serving;
        private long _servingNumber;
        private bool _isAsking;
        private bool _isDead;

        public void Step(int kind, int argument)
        {
            var caller = new Caller(argument + 1);
            switch (kind)
            {
                case 0 or 1: Invoke(caller, argument == 3 ? 10 : -1); break;
                case 2 or 3 when !_isDead && !_isAsking: Answer(fails: argument == 2); break;
                case 4 when _open.Count > 0: Abandon(_open.Keys.Min() + argument); break;
                case 5 when argument == 3: Die(caller); break;
                case 6 when argument == 3: DieHost(); break;
                default: Pass(TimeSpan.FromMilliseconds(5)); break;
            }

            Take();
        }

        public void RunToTheEnd()
        {
            for (var i = 0; i < 200 && !_isDead && (_serving > 0 || !_isAsking); i++)
            {
                Answer(fails: false);
                Take();
            }

            Pass(TimeSpan.FromSeconds(1));
            Take();
            _state.EndAllCalls(_answers);
            Take();
            Assert.Empty(_open);
        }

        private void Invoke(Caller caller, long timeout)
        {
            var number = ++_lastCall;
            _open[number] = caller;
            _expected.Enqueue(number);
            ReadOnlyMemory<byte> payload = BitConverter.GetBytes(number);
            _state.HandleCall(caller, new ServiceInvoke(default, payload).ToCall(default, number, timeout), _now, _answers);
        }

        private void Answer(bool fails)
        {
            ReadOnlyMemory<byte> payload = BitConverter.GetBytes(_serving);
            var call = new ObjectCall(
                default, ++_lastCall, ObjectOperation.Serve, -1, fails ? -_servingNumber : _servingNumber, _serving > 0 ? [payload] : []);
            _serving = 0;
            _isAsking = true;
            _state.HandleCall(Host, call, _now, _answers);
        }

        private void Abandon(long number)
        {
            if (_open.Remove(number, out var caller))
                _state.AbandonCall(caller, number, _now, _answers);
        }

        private void Die(Caller caller)
        {
            foreach (var (number, _) in _open.Where(open => open.Value == caller).ToList())
                _open.Remove(number);
            _state.RemoveCaller(caller, _now, _answers);
        }

        private void DieHost()
        {
            _isDead = true;
            _state.RemoveCaller(Host, _now, _answers);
        }

        private void Pass(TimeSpan time)
        {
            _now += time;
            _state.ExpireCalls(_now, _answers);
        }

        private void Take()
        {
            foreach (var answer in _answers)
            {
                if (answer.Caller == Host)
                    TakeNext(answer.Reply);
                else
                    TakeResult(answer);
            }

            _answers.Clear();
        }

        private void TakeNext(ObjectReply next)
        {
            Assert.True(_isAsking && !_isDead);
            _isAsking = false;
            if (next.Status == ObjectStatus.NoSuchObject)
                return;
            _serving = BitConverter.ToInt64(next.Payloads[1].Span);
            _servingNumber = next.Number;
            // In order, without abandoned calls.
            while (_expected.Dequeue() is var expected && expected != _serving)
                Assert.False(_open.ContainsKey(expected));
        }

        private void TakeResult(ObjectAnswer answer)
        {
            Assert.True(_open.Remove(answer.Reply.Call, out var caller));
            Assert.Equal(caller, answer.Caller);
            Assert.True(_isDead || answer.Reply.Status != ObjectStatus.Broken);
            if (answer.Reply.Status is ObjectStatus.Ok or ObjectStatus.Threw)
                Assert.Equal(answer.Reply.Call, BitConverter.ToInt64(answer.Reply.Payloads[0].Span));
        }
    }
}
