using System.Collections.Concurrent;
using Actors.Messages;

namespace Actors.Testing;

/// <summary>
/// The thread that runs one call of a pool whose jobs run on a thread of the test, with a <see cref="VirtualClock"/>. While the call waits,
/// the clock moves to the next timer that the call has started: no other code would move it.
/// </summary>
internal sealed class JobThread : SimulatedThread
{
    private readonly VirtualClock _clock;
    private readonly long _lastForeignTimer;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly Lock _access = new();
    private bool _hasEnded;

    private JobThread(VirtualClock clock) => (_clock, _lastForeignTimer) = (clock, clock.LastTimer);

    /// <summary>The clock.</summary>
    public VirtualClock Clock => _clock;

    /// <inheritdoc/>
    protected override bool KnowsAllThreads => false;

    /// <inheritdoc/>
    protected override TaskScheduler TaskScheduler => TaskScheduler.Default;

    /// <summary>Runs a call. With another clock, or inside of a simulation, it runs as without this class.</summary>
    /// <param name="clock">The clock of the pool.</param>
    /// <param name="call">Runs the call, whose asynchronous parts continue in the context.</param>
    public static T Run<T>(TimeProvider clock, Func<SynchronizationContext?, T> call)
    {
        var before = Current;
        if (clock is not VirtualClock virtualClock || before is not (null or JobThread))
            return call(null);
        var thread = new JobThread(virtualClock);
        UseForThread(thread);
        virtualClock.TimerStarted += thread.OnArrival;
        try
        {
            return call(new Context(thread));
        }
        finally
        {
            virtualClock.TimerStarted -= thread.OnArrival;
            UseForThread(before);
            thread.End();
        }
    }

    /// <inheritdoc/>
    public override void PostCode(Action step)
    {
        lock (_access)
        {
            if (!_hasEnded)
            {
                _posted.Enqueue(step);
                OnArrival();
                return;
            }
        }

        ThreadPool.QueueUserWorkItem(static code => code(), step, preferLocal: false);
    }

    /// <inheritdoc/>
    protected override bool WaitFor(Task task, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var over = new CancellationTokenSource();
        using var cancellation = cancellationToken.UnsafeRegister(_ => OnArrival(), null);
        var expired = timeout == Timeout.InfiniteTimeSpan ? null : Task.Delay(timeout, _clock, over.Token);
        _ = task.ContinueWith(
            _ => OnArrival(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (!task.IsCompleted && expired is not { IsCompleted: true } && !cancellationToken.IsCancellationRequested)
            TakeStep();
        cancellationToken.ThrowIfCancellationRequested();
        over.Cancel();
        return task.IsCompleted;
    }

    private void TakeStep()
    {
        if (_posted.TryDequeue(out var step))
            step();
        else if (!HasOtherThreadArrived() && !_clock.AdvanceToTimerAfter(_lastForeignTimer))
            _arrivals.Wait();
    }

    /// <summary>Lets code of the call that has left this thread arrive before time passes.</summary>
    private bool HasOtherThreadArrived()
    {
        Task.Run(static () => { }).Wait();
        return _arrivals.Wait(0);
    }

    private void OnArrival() => _arrivals.Release();

    /// <summary>Code that the call has left behind continues on other threads, as in a worker.</summary>
    private void End()
    {
        lock (_access)
            _hasEnded = true;
        while (_posted.TryDequeue(out var step))
            PostCode(step);
    }

    private sealed class Context(JobThread thread) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => thread.PostCode(() => RunHere(d, state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;

        private void RunHere(SendOrPostCallback code, object? state)
        {
            var before = Current;
            SetSynchronizationContext(this);
            code(state);
            SetSynchronizationContext(before);
        }
    }
}
