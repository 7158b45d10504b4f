using Actors.Coordinator.Pools;
using CsCheck;

namespace Actors.Coordinator.Tests.Pools;

public sealed class DurablePoolLifecycleTests
{
    private static readonly Gen<(int Event, bool Argument)[]> Schedules = Gen.Select(Gen.Int[0, 9], Gen.Bool).Array[0, 60];

    private readonly DurablePoolLifecycle _lifecycle = new();

    /// <summary>Each event is one that the pool can have at that time. The model has a flag for each fact.</summary>
    [Fact]
    public void Events_AnyOrder_AnswerAsTheModel() => Schedules.Sample(
        steps =>
        {
            var (lifecycle, model) = (new DurablePoolLifecycle(), new Model());
            foreach (var (kind, argument) in steps)
            {
                model.Apply(kind, argument, lifecycle);
                model.RequireEqual(lifecycle);
            }
        },
        iter: 1000);

    [Fact]
    public void TryUnload_StoreFailedBeforeThePoolWasRead_LoadsItAgain()
    {
        _lifecycle.TryInterrupt("The store failed.", isOwnedElsewhere: false);

        Assert.True(_lifecycle.TryUnload(canRun: true, hasJobs: false));
        Assert.Null(_lifecycle.TryUnload(canRun: true, hasJobs: false));
    }

    [Theory]
    [InlineData(false, true, true, true)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, true, false)]
    [InlineData(true, true, true, false)]
    public void TryUnload_InterruptedPool_IsLoadedAgainHereForItsJobs(bool isOwnedElsewhere, bool canRun, bool hasJobs, bool expected)
    {
        RunPool();
        Assert.True(_lifecycle.TryInterrupt("The store failed.", isOwnedElsewhere));
        Assert.True(_lifecycle.IsStopping);
        Assert.False(_lifecycle.TryInterrupt("It fails again.", isOwnedElsewhere: false));

        Assert.Equal(expected, _lifecycle.TryUnload(canRun, hasJobs));

        Assert.Equal((true, "The store failed."), (_lifecycle.IsUnloaded, _lifecycle.Interruption));
    }

    [Fact]
    public void Close_PoolInUse_RefusesJobsAtOnceAndEndsAfterThem()
    {
        RunPool();
        Assert.True(_lifecycle.AcceptsJobs);

        _lifecycle.Close();
        Assert.Equal((false, true, false), (_lifecycle.AcceptsJobs, _lifecycle.IsRunning, _lifecycle.HasEnded));
        _lifecycle.End();
        Assert.Equal((true, true), (_lifecycle.IsRunning, _lifecycle.HasEnded));
        _lifecycle.Resume();
        Assert.Equal((true, false), (_lifecycle.IsRunning, _lifecycle.HasEnded));
    }

    [Fact]
    public void CheckIdle_UnusedForLong_IsTrueAfterTheIdleTime()
    {
        RunPool();
        var start = TimeSpan.FromMinutes(1);

        Assert.False(_lifecycle.CheckIdle(isUsed: false, start));
        Assert.False(_lifecycle.CheckIdle(isUsed: false, start + DurablePoolLifecycle.IdleTime));
        Assert.False(_lifecycle.CheckIdle(isUsed: true, start + (2 * DurablePoolLifecycle.IdleTime)));
        Assert.False(_lifecycle.CheckIdle(isUsed: false, start + (3 * DurablePoolLifecycle.IdleTime)));
        Assert.True(_lifecycle.CheckIdle(isUsed: false, start + (5 * DurablePoolLifecycle.IdleTime)));
    }

    private void RunPool()
    {
        _lifecycle.Start(isEmpty: false);
        _lifecycle.Run(isClosed: false);
    }

    private sealed class Model
    {
        private Stage _stage;
        private bool _isClosed;
        private bool _hasEnded;
        private bool _isInterrupted;
        private bool _isOwnedElsewhere;
        private bool _wasRead;

        private enum Stage
        {
            Loading,
            Empty,
            Starting,
            Running,
            Stopping,
            Deleting,
            Unloaded,
        }

        private bool UnloadsNormally => _stage == Stage.Stopping && !_isInterrupted;

        public void Apply(int kind, bool argument, DurablePoolLifecycle lifecycle)
        {
            switch (kind)
            {
                case 0 or 1 when !_isInterrupted && (_stage is Stage.Loading or Stage.Empty || UnloadsNormally):
                    lifecycle.Start(argument);
                    (_stage, _wasRead, _hasEnded) = (argument ? Stage.Empty : Stage.Starting, true, false);
                    break;
                case 2 or 3 when _stage == Stage.Starting && !_isInterrupted:
                    lifecycle.Run(_isClosed);
                    _stage = Stage.Running;
                    break;
                case 4 when _stage == Stage.Running:
                    lifecycle.Close();
                    _isClosed = true;
                    break;
                case 5 when _stage == Stage.Running && _isClosed:
                    lifecycle.End();
                    _hasEnded = true;
                    break;
                case 6 when argument:
                    lifecycle.Resume();
                    _hasEnded = false;
                    break;
                case 6 or 7 when _hasEnded && (_stage == Stage.Running || UnloadsNormally):
                    lifecycle.Delete();
                    _stage = Stage.Deleting;
                    break;
                case 7: Stop(lifecycle); break;
                case 8: Interrupt(argument, lifecycle); break;
                case 9: Unload(argument, lifecycle); break;
            }
        }

        public void RequireEqual(DurablePoolLifecycle lifecycle)
        {
            var isRunning = _stage == Stage.Running;
            Assert.Equal(_stage == Stage.Empty, lifecycle.IsEmpty);
            Assert.Equal(_stage is Stage.Loading or Stage.Starting, lifecycle.IsBeginning);
            Assert.Equal(isRunning, lifecycle.IsRunning);
            Assert.Equal(isRunning || _stage == Stage.Starting, lifecycle.ConnectsClients);
            Assert.Equal(isRunning && !_isClosed, lifecycle.AcceptsJobs);
            Assert.Equal(isRunning && _hasEnded, lifecycle.HasEnded);
            Assert.Equal(_stage == Stage.Stopping, lifecycle.IsStopping);
            Assert.Equal(UnloadsNormally && _hasEnded, lifecycle.HasEndedBefore);
            Assert.Equal(_stage == Stage.Unloaded, lifecycle.IsUnloaded);
            Assert.Equal(_isInterrupted, lifecycle.IsInterrupted);
        }

        private void Stop(DurablePoolLifecycle lifecycle)
        {
            var canStop = _stage is Stage.Running or Stage.Empty;
            Assert.Equal(canStop, lifecycle.TryStop());
            if (canStop)
                _stage = Stage.Stopping;
        }

        /// <summary>A pool without builds is unloaded at once, such as one that was not read.</summary>
        private void Interrupt(bool isOwnedElsewhere, DurablePoolLifecycle lifecycle)
        {
            Assert.Equal(!_isInterrupted, lifecycle.TryInterrupt("The store failed.", isOwnedElsewhere));
            if (_isInterrupted)
                return;
            (_isInterrupted, _isOwnedElsewhere) = (true, isOwnedElsewhere);
            if (_stage == Stage.Loading)
                Unload(hasJobs: false, lifecycle);
            else if (_stage != Stage.Unloaded)
                _stage = Stage.Stopping;
        }

        private void Unload(bool hasJobs, DurablePoolLifecycle lifecycle)
        {
            var mustContinue = _isInterrupted && !_isOwnedElsewhere && (hasJobs || !_wasRead);
            Assert.Equal(_stage == Stage.Unloaded ? null : (bool?)mustContinue, lifecycle.TryUnload(canRun: true, hasJobs));
            _stage = Stage.Unloaded;
        }
    }
}
