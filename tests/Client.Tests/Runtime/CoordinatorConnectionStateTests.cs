using Actors.Runtime;
using CsCheck;
using Phase = Actors.Runtime.CoordinatorConnectionPhase;
using State = Actors.Runtime.CoordinatorConnectionState;

namespace Actors.Client.Tests.Runtime;

/// <summary>How long coordinators are tried, and when again. The test passes the time.</summary>
public sealed class CoordinatorConnectionStateTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 20_000]).Array[0, 150];

    [Fact]
    public void GetAttemptLimit_FirstConnection_IsPatienceOfCaller()
    {
        var state = new State();

        state.StartConnecting(TimeSpan.FromSeconds(30), Second(5));

        Assert.Equal(TimeSpan.FromSeconds(30), state.GetAttemptLimit(Second(5)));
        Assert.Null(state.OnAttemptFailed(Second(6)));
    }

    [Fact]
    public void GetAttemptLimit_FirstConnectionWithoutLimit_IsUnlimited()
    {
        var state = new State();

        state.StartConnecting(Timeout.InfiniteTimeSpan, Second(5));

        Assert.Equal(Timeout.InfiniteTimeSpan, state.GetAttemptLimit(Second(5)));
    }

    [Fact]
    public void GetAttemptLimit_AfterLoss_EndsWithPatience()
    {
        var state = Lose();

        state.StartConnecting(TimeSpan.FromSeconds(15), Second(0));

        Assert.Equal(State.LongestAttempt, state.GetAttemptLimit(Second(0)));
        Assert.Equal(TimeSpan.FromSeconds(5), state.GetAttemptLimit(Second(10)));
        Assert.Equal(TimeSpan.Zero, state.GetAttemptLimit(Second(16)));
    }

    [Fact]
    public void OnAttemptFailed_AfterLoss_DoublesPauseUpToLongest()
    {
        var state = Lose();
        state.StartConnecting(Timeout.InfiniteTimeSpan, Second(0));

        var pauses = Enumerable.Range(0, 6).Select(_ => state.OnAttemptFailed(Second(0))!.Value.TotalMilliseconds);
        Assert.Equal([100, 200, 400, 800, 1000, 1000], pauses);
        state.OnConnected();
        state.OnLost();
        state.StartConnecting(Timeout.InfiniteTimeSpan, Second(0));
        Assert.Equal(State.FirstPause, state.OnAttemptFailed(Second(0)));
    }

    [Fact]
    public void OnUnused_WhileConnecting_NextConnectionIsFirst()
    {
        var state = Lose();
        state.StartConnecting(TimeSpan.FromSeconds(30), Second(0));

        state.OnUnused();

        Assert.Equal(Phase.Connecting, state.Phase);
        Assert.Null(state.OnAttemptFailed(Second(0)));
        state.StopConnecting();
        Assert.Equal(Phase.Ended, state.Phase);
    }

    /// <summary>
    /// Coordinators are lost, answer and do not answer; callers come, give up and release. No attempt outlasts its caller, no pause
    /// reaches the caller's deadline, and the phase is that of a model of the users.
    /// </summary>
    [Fact]
    public void Phase_AnySchedule_FollowsTheConnection() => Schedules.Sample(steps =>
    {
        var world = new World();
        foreach (var (kind, argument) in steps)
            world.Run(kind, argument);
    });

    private static State Lose()
    {
        var state = new State();
        state.StartConnecting(Timeout.InfiniteTimeSpan, Second(0));
        state.OnConnected();
        state.OnLost();
        return state;
    }

    private static TimeSpan Second(int second) => TimeSpan.FromSeconds(second);

    private sealed class World
    {
        private readonly State _state = new();
        private TimeSpan _now;
        private TimeSpan? _deadline;
        private bool _isUsed;
        private bool _isAlive;

        public void Run(int kind, int argument)
        {
            _now += TimeSpan.FromMilliseconds(argument % 700);
            switch (kind)
            {
                case 0 when _state.Phase is Phase.Ended or Phase.Disconnected: StartConnecting(argument); break;
                case 1 or 2 when _deadline is not null: Fail(); break;
                case 3 when _deadline is not null: Connect(); break;
                case 4: Lose(); break;
                case 5 when _deadline is not null: Stop(); break;
                case 6: Release(); break;
            }

            Assert.Equal(
                _deadline is not null ? Phase.Connecting : !_isUsed ? Phase.Ended : _isAlive ? Phase.Connected : Phase.Disconnected,
                _state.Phase);
        }

        private void StartConnecting(int patience)
        {
            _deadline = patience % 5 == 0 ? TimeSpan.MaxValue : _now + TimeSpan.FromMilliseconds(patience);
            _state.StartConnecting(patience % 5 == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(patience), _now);
            CheckLimit();
        }

        private void Fail()
        {
            if (_state.OnAttemptFailed(_now) is not { } pause)
            {
                Stop();
                return;
            }

            Assert.True(_isUsed);
            Assert.InRange(pause, State.FirstPause, State.LongestPause);
            _now += pause;
            Assert.True(_now < _deadline);
            CheckLimit();
        }

        private void CheckLimit()
        {
            var limit = _state.GetAttemptLimit(_now);
            Assert.Equal(!_isUsed && _deadline == TimeSpan.MaxValue, limit == Timeout.InfiniteTimeSpan);
            Assert.True(limit <= _deadline - _now && !(_isUsed && limit > State.LongestAttempt));
        }

        private void Connect()
        {
            _state.OnConnected();
            _state.StopConnecting();
            (_deadline, _isUsed, _isAlive) = (null, true, true);
        }

        private void Lose()
        {
            _state.OnLost();
            _isAlive = false;
        }

        private void Stop()
        {
            _state.StopConnecting();
            _deadline = null;
        }

        private void Release()
        {
            _state.OnUnused();
            (_isUsed, _isAlive) = (false, false);
        }
    }
}
