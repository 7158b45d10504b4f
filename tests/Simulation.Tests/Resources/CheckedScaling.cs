using Actors.Simulation.Tests.Kernel;
using Actors.WorkerNode.Executors;
using Actors.WorkerNode.Joining;

namespace Actors.Simulation.Tests.Resources;

/// <summary>
/// A node's number of workers stays in its range, grows only while jobs wait, and shrinks only after idle time. Failed starts of workers
/// are repeated after growing pauses.
/// </summary>
internal sealed class CheckedScaling : CheckedState
{
    private const double BusyMachine = 0.9;
    private const int MaxPauses = 7;

    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(1);

    private readonly ExecutorRange _range;
    private readonly ScalingState _state;
    private readonly RestartPolicy _restarts = new();
    private TimeSpan _grewAt = TimeSpan.MinValue;
    private TimeSpan? _idleSince;
    private int _failedStarts;

    public CheckedScaling(SimulatedWorld world)
        : base(world)
    {
        _range = new ExecutorRange(1 + world.Plan.Variant % 3, 3 + world.Plan.Variant / 3 % 6);
        _state = new ScalingState(_range, IdleAfter, BusyMachine);
    }

    public override void CallState(int argument)
    {
        if (argument % 3 == 0)
            EndExecutor(wasReady: argument / 3 % 5 == 0);
        else
            Update(waiting: argument / 3 % 3 * (argument / 9 % 3), idle: argument / 27 % 3, argument / 81 % 5 == 0 ? 1 : 0.5);
    }

    public override void LosePart(StepKind kind, int argument)
    {
        if (kind == StepKind.CrashNode)
            EndExecutor(wasReady: false);
    }

    public override void CheckEnd()
    {
        _restarts.OnExecutorReady();
        _failedStarts = 0;
        EndExecutor(wasReady: false);
    }

    private void Update(int waiting, int idle, double load)
    {
        var before = _state.Executors;
        _state.UpdateTarget(waiting, idle, load, Now);
        var expected = before + Math.Min(waiting, before);
        if (waiting > 0)
        {
            _idleSince = null;
            var mayGrow = load <= BusyMachine && (_grewAt == TimeSpan.MinValue || Now - _grewAt >= ScalingState.GrowInterval);
            if (mayGrow)
                _grewAt = Now;
            CheckTarget(mayGrow ? Math.Min(_range.Max, expected) : before);
            return;
        }

        _idleSince = idle > 0 ? _idleSince ?? Now : null;
        var shrinks = Now - _idleSince >= IdleAfter && before > _range.Min;
        if (shrinks)
            _idleSince = Now;
        CheckTarget(shrinks ? before - 1 : before);
    }

    private void CheckTarget(int expected) => Require(
        _state.Executors == expected && expected >= _range.Min && expected <= _range.Max,
        Invariant.Slots, $"A node with {_range} workers should run {expected} and runs {_state.Executors}.");

    /// <summary>A worker has ended. After failed starts the pause doubles, up to 5 s.</summary>
    private void EndExecutor(bool wasReady)
    {
        if (wasReady)
        {
            _restarts.OnExecutorReady();
            _failedStarts = 0;
        }

        var pause = _restarts.OnExecutorEnded(wasReady);
        _failedStarts += wasReady ? 0 : 1;
        var expected = wasReady ? 0 : Math.Min(5000, 100 << Math.Min(_failedStarts - 1, MaxPauses));
        Require(
            pause == TimeSpan.FromMilliseconds(expected),
            Invariant.WorkersKnown, $"After {_failedStarts} failed starts the pause is {pause}, not {expected} ms.");
    }
}
