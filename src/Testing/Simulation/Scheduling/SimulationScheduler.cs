using Actors.Messages;

namespace Actors.Testing;

/// <summary>
/// Runs the code of a simulation, one thread at a time, in virtual time. When all code waits, the clock moves to the next timer. The order
/// of events depends on nothing else, so it can be repeated. A thread that blocks hands over to another one.
/// </summary>
internal sealed class SimulationScheduler : SimulatedThread
{
    /// <summary>After this time in which nothing but the simulation's own timers fired, nothing can happen any more.</summary>
    private static readonly TimeSpan StuckAfter = TimeSpan.FromHours(1);

    /// <summary>A loop of user code that waits for something that never happens must end at some time.</summary>
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(3650);

    private const int OutsideRounds = 5;

    private static readonly TimeSpan OutsideRound = TimeSpan.FromMilliseconds(100);

    private readonly Lock _access = new();
    private readonly Queue<Action> _ready = new();
    private readonly List<ParkedThread> _parked = [];
    private readonly List<ParkedThread> _abandoned = [];
    private readonly SimulationTaskScheduler _tasks;
    private readonly SemaphoreSlim _arrivals = new(0);
    private TimeSpan _quietSince;
    private TimeSpan _faultsEnd;
    private bool _isDriven;
    private bool _isStopped;
    private bool _isStuck;

    public SimulationScheduler()
    {
        _tasks = new SimulationTaskScheduler(this);
        TestContext = new SimulationContext(this, null);
        Clock.TimerStarted += StartDriving;
    }

    /// <summary>The simulation of the calling thread; null for none.</summary>
    public static SimulationScheduler? OfThread => Current as SimulationScheduler;

    /// <summary>The clock.</summary>
    public VirtualClock Clock { get; } = new();

    /// <summary>Runs the code of the test.</summary>
    public SimulationContext TestContext { get; }

    /// <summary>Counts the work that waits for time to pass; 0 when the simulation may stop.</summary>
    public Func<int> CountWork { get; set; } = static () => 0;

    /// <summary>Called when work waits and nothing can happen any more.</summary>
    public Action? Stuck { get; set; }

    /// <summary>Called with an exception that no caller receives, such as one of an <c>async void</c> method.</summary>
    public Action<Exception>? Failed { get; set; }

    /// <inheritdoc/>
    protected override TaskScheduler TaskScheduler => _tasks;

    /// <summary>Runs a step of the simulation itself.</summary>
    public void Post(Action step)
    {
        lock (_access)
            _ready.Enqueue(step);
        _arrivals.Release();
        StartDriving();
    }

    /// <summary>Runs a step of user code, or another one that is progress.</summary>
    public override void PostCode(Action step) => Post(() =>
    {
        MarkProgress();
        step();
    });

    /// <summary>Records that something happens, so that the simulation is not stuck.</summary>
    public void MarkProgress() => (_quietSince, _isStuck) = (Clock.Elapsed, false);

    /// <summary>Records that a fault may stop everything for a time: meanwhile the simulation is not stuck.</summary>
    public void ExpectProgressAfter(TimeSpan time)
    {
        if (_faultsEnd < Clock.Elapsed + time)
            _faultsEnd = Clock.Elapsed + time;
    }

    /// <summary>Makes the calling thread run the simulation, until <see cref="ReleaseThread"/>.</summary>
    /// <returns>False when another thread runs it.</returns>
    public bool TryHoldThread()
    {
        lock (_access)
        {
            if (_isDriven || Current is not null)
                return false;
            _isDriven = true;
        }

        UseForThread(this);
        return true;
    }

    /// <summary>Lets another thread run the simulation.</summary>
    public void ReleaseThread()
    {
        UseForThread(null);
        DriverThreads.Run(Drive);
    }

    /// <summary>Ends the waits of a process that has ended. Its threads never continue.</summary>
    public void AbandonRun(SimulatedRun run)
    {
        run.End();
        lock (_access)
        {
            _abandoned.AddRange(_parked.Where(parked => parked.Run == run));
            _parked.RemoveAll(parked => parked.Run == run);
        }
    }

    /// <summary>Stops the simulation: no timer fires any more, and the threads of ended processes end.</summary>
    public void Stop()
    {
        List<ParkedThread> ended;
        lock (_access)
        {
            _isStopped = true;
            _parked.ForEach(parked => parked.Run?.End());
            ended = [.. _abandoned, .. _parked.Where(parked => parked.Run is not null)];
            _parked.RemoveAll(parked => parked.Run is not null);
            _abandoned.Clear();
        }

        ended.ForEach(parked => parked.End());
    }

    /// <inheritdoc/>
    protected override bool WaitFor(Task task, TimeSpan timeout, CancellationToken cancellationToken)
    {
        SimulatedRun.RequireAlive();
        cancellationToken.ThrowIfCancellationRequested();
        using var over = new CancellationTokenSource();
        using var cancellation = cancellationToken.UnsafeRegister(_ => Post(over.Cancel), null);
        var expired = timeout == Timeout.InfiniteTimeSpan ? null : Task.Delay(timeout, Clock, over.Token);
        var run = SimulatedRun.Current;
        run?.Waiting?.Invoke();
        var parked = new ParkedThread(
            run, () => task.IsCompleted || expired is { IsCompleted: true } || cancellationToken.IsCancellationRequested);
        // The task may be completed by a thread that the simulation does not know.
        _ = task.ContinueWith(
            _ => Post(static () => { }), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            System.Threading.Tasks.TaskScheduler.Default);
        lock (_access)
            (run is { IsDead: true } ? _abandoned : _parked).Add(parked);
        UseForThread(null);
        DriverThreads.Run(Drive);
        parked.WaitUntilResumed();
        UseForThread(parked.HasEnded ? null : this);
        SimulatedRun.RequireAlive();
        cancellationToken.ThrowIfCancellationRequested();
        over.Cancel();
        return task.IsCompleted;
    }

    private void StartDriving()
    {
        lock (_access)
        {
            if (_isDriven)
                return;
            _isDriven = true;
        }

        DriverThreads.Run(Drive);
    }

    private void Drive()
    {
        UseForThread(this);
        while (TakeStep(out var resumed) is { } step)
        {
            if (resumed is not null)
            {
                UseForThread(null);
                resumed.Resume();
                return;
            }

            RunStep(step);
            // A thread of an ended process has no part in the simulation any more.
            if (OfThread != this)
                return;
        }

        UseForThread(null);
    }

    private Action? TakeStep(out ParkedThread? resumed)
    {
        lock (_access)
        {
            resumed = _parked.Find(parked => parked.IsReady());
            if (resumed is not null)
            {
                _parked.Remove(resumed);
                MarkProgress();
                return static () => { };
            }

            if (_ready.TryDequeue(out var step))
                return step;
            if (CanAdvance())
                return AdvanceClock;
            if (_isStuck || _isStopped || Stuck is null || CountWork() + _parked.Count == 0)
            {
                _isDriven = false;
                return null;
            }

            return WaitForOtherThreads;
        }
    }

    private bool CanAdvance()
    {
        if (_isStopped || Clock.Elapsed > LongestTime)
            return false;
        var since = _quietSince > _faultsEnd ? _quietSince : _faultsEnd;
        return Clock.HasForegroundTimer || (CountWork() + _parked.Count > 0 && Clock.Elapsed - since < StuckAfter);
    }

    private void AdvanceClock()
    {
        if (!Clock.AdvanceToNextTimer(MarkProgress))
            _quietSince = _faultsEnd = Clock.Elapsed - StuckAfter;
    }

    /// <summary>
    /// Code that left the simulation, such as for a file, may still come back. Otherwise nothing can happen any more. On a loaded machine
    /// such code runs late, so the thread pool must have run an action in each round.
    /// </summary>
    private void WaitForOtherThreads()
    {
        while (_arrivals.Wait(0))
        {
        }

        lock (_access)
        {
            if (_ready.Count > 0)
                return;
        }

        for (var round = 0; round < OutsideRounds; round++)
        {
            if (_arrivals.Wait(OutsideRound))
                return;
            Task.Run(static () => { }).Wait();
        }

        _isStuck = true;
        Stuck!();
    }

    private void RunStep(Action step)
    {
#pragma warning disable CA1031 // An exception here would end the process of the test.
        try
        {
            step();
        }
        catch (SimulatedProcessEndedException)
        {
            // The code of a process that has ended.
        }
        catch (Exception exception)
        {
            Failed?.Invoke(exception);
        }
#pragma warning restore CA1031
    }
}
