using Actors.Runtime;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Resources;

/// <summary>A client tries coordinators until its time limit, with growing pauses, and again after each loss.</summary>
internal sealed class CheckedConnection(SimulatedWorld world) : CheckedState(world)
{
    private readonly CoordinatorConnectionState _state = new();
    private TimeSpan _deadline;
    private TimeSpan _pause;
    private bool _isUsed;
    private CoordinatorConnectionPhase _phase;

    public override void CallState(int argument)
    {
        switch (argument % 6)
        {
            case 0 or 1: StartConnecting(argument / 6 % 4); break;
            case 2 or 3 when _phase == CoordinatorConnectionPhase.Connecting: FailAttempt(); break;
            case 4 when _phase == CoordinatorConnectionPhase.Connecting:
                _state.OnConnected();
                (_phase, _isUsed) = (CoordinatorConnectionPhase.Connected, true);
                break;
            case 5: EndUse(argument / 6 % 3); break;
        }

        CheckPhase();
    }

    public override void LosePart(StepKind kind, int argument)
    {
        if (kind != StepKind.CrashCoordinator)
            return;
        _state.OnLost();
        if (_phase == CoordinatorConnectionPhase.Connected)
            _phase = CoordinatorConnectionPhase.Disconnected;
        CheckPhase();
    }

    public override void CheckEnd()
    {
        StopConnecting();
        _state.OnUnused();
        Require(_state.Phase == CoordinatorConnectionPhase.Ended, Invariant.Connection, $"An unused connection is {_state.Phase}.");
    }

    private void StartConnecting(int patience)
    {
        if (_phase is CoordinatorConnectionPhase.Connecting or CoordinatorConnectionPhase.Connected)
            return;
        var limit = patience == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(6 * patience);
        _state.StartConnecting(limit, Now);
        _phase = CoordinatorConnectionPhase.Connecting;
        (_deadline, _pause) = (patience == 0 ? TimeSpan.MaxValue : Now + limit, CoordinatorConnectionState.FirstPause);
        CheckLimit();
    }

    private void FailAttempt()
    {
        CheckLimit();
        // Before the first connection an attempt takes the whole time.
        TimeSpan? expected = _isUsed && Now + _pause < _deadline ? _pause : null;
        var pause = _state.OnAttemptFailed(Now);
        Require(pause == expected, Invariant.Connection, $"The pause before the next attempt is {pause}, not {expected}.");
        if (expected is null)
            StopConnecting();
        else
            _pause = _pause * 2 < CoordinatorConnectionState.LongestPause ? _pause * 2 : CoordinatorConnectionState.LongestPause;
    }

    private void CheckLimit()
    {
        var left = _deadline == TimeSpan.MaxValue ? TimeSpan.MaxValue : _deadline > Now ? _deadline - Now : TimeSpan.Zero;
        var longest = _isUsed ? CoordinatorConnectionState.LongestAttempt : TimeSpan.MaxValue;
        var expected = left < longest ? left : longest;
        var limit = _state.GetAttemptLimit(Now);
        Require(
            limit == (expected == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : expected),
            Invariant.Connection, $"An attempt may take {limit}, not {expected}.");
    }

    private void EndUse(int choice)
    {
        if (choice == 0)
        {
            StopConnecting();
            return;
        }

        _state.OnUnused();
        _isUsed = false;
        if (_phase != CoordinatorConnectionPhase.Connecting)
            _phase = CoordinatorConnectionPhase.Ended;
    }

    private void StopConnecting()
    {
        _state.StopConnecting();
        if (_phase == CoordinatorConnectionPhase.Connecting)
            _phase = _isUsed ? CoordinatorConnectionPhase.Disconnected : CoordinatorConnectionPhase.Ended;
    }

    private void CheckPhase() =>
        Require(_state.Phase == _phase, Invariant.Connection, $"The connection is {_state.Phase}, not {_phase}.");
}
