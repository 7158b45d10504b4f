using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>A frame from a process to its node.</summary>
internal abstract record WorkerFrame
{
    public sealed record Ready : WorkerFrame;

    public sealed record Done(JobOutcome Outcome, long BusyMicroseconds) : WorkerFrame;

    public sealed record Returned(ImmutableArray<JobId> Jobs) : WorkerFrame;

    public sealed record Held(long Last, ImmutableArray<JobId> Jobs) : WorkerFrame;
}

/// <summary>
/// The process of a worker: runs jobs one at a time, and answers its node. Its numbers of begun and ended jobs outlive it, as shared memory
/// does. Faults crash it, make it hang, and lose single frames.
/// </summary>
/// <param name="world">The world.</param>
/// <param name="owner">The part that receives the frames.</param>
/// <param name="onFrame">Receives the frames.</param>
/// <param name="onExit">Called after the last frame.</param>
internal sealed class WorkerProcess(PoolWorld world, SimulatedPart owner, Action<WorkerFrame> onFrame, Action onExit)
{
    private static readonly TimeSpan FrameDelay = TimeSpan.FromMicroseconds(100);

    private readonly LinkedList<JobSpec> _queue = new();
    private int _framesToLose;
    private long _runs;
    private bool _isStopping;
    private bool _isExiting;
    private bool _hangs;

    /// <summary>The running job. The one that ran last, if the process has ended while it ran.</summary>
    public JobSpec? Running { get; private set; }

    public TimeSpan RunningSince { get; private set; }

    /// <summary>Whether a pool has learned of the end. A repeated message may add the worker to the pool once more.</summary>
    public bool IsLossCounted { get; set; }

    public JobId LastBegun { get; private set; }

    public JobId LastEnded { get; private set; }

    public bool HasExited { get; private set; }

    public bool HasLostFrames { get; private set; }

    public bool IsHung => _hangs;

    public bool IsReady { get; private set; }

    /// <summary>The number of jobs that the process has begun.</summary>
    public int Begun { get; private set; }

    public void Start(bool fails) => After(TimeSpan.FromMilliseconds(20 + world.Mix(owner.Number, 30)), () =>
    {
        if (fails)
        {
            Kill();
            return;
        }

        IsReady = true;
        SendFrame(new WorkerFrame.Ready());
        BeginNext();
    });

    public void Run(ImmutableArray<JobSpec> jobs) => ReceiveFrame(() =>
    {
        foreach (var job in jobs)
            _queue.AddLast(job);
        BeginNext();
    });

    public void Revoke() => ReceiveFrame(ReturnQueued);

    public void Cancel(JobId job, JobCancellationReason reason) => ReceiveFrame(() =>
    {
        if (Running?.Id == job)
            CancelRunning(job, reason);
    });

    /// <summary>Cancels the running job. The process was stopped before, so none begins later.</summary>
    public void CancelAll(JobCancellationReason reason) => ReceiveFrame(() =>
    {
        if (Running is { } running)
            CancelRunning(running.Id, reason);
    });

    public void ListJobs(long position) => ReceiveFrame(() => SendFrame(new WorkerFrame.Held(
        position, Running is { } running ? [running.Id, .. _queue.Select(job => job.Id)] : [.. _queue.Select(job => job.Id)])));

    public void Stop() => ReceiveFrame(() =>
    {
        _isStopping = true;
        ReturnQueued();
        ExitIfStopped();
    });

    /// <summary>Ends the process at once.</summary>
    public void Kill()
    {
        if (HasExited)
            return;
        HasExited = true;
        if (world.IsTraced)
            world.Trace($"worker {owner.Number} exits, begun {LastBegun}, ended {LastEnded}");
        if (Running is { } running)
            world.CheckRunTime(running, world.Now - RunningSince);

        // The frames that it has written arrive before the end of its socket.
        world.Schedule(FrameDelay + TimeSpan.FromMicroseconds(50), owner, onExit);
    }

    /// <summary>Whether the process runs the job or will run it.</summary>
    public bool Holds(JobId job) => Running?.Id == job || _queue.Any(queued => queued.Id == job);

    /// <summary>The current job never ends.</summary>
    public void Hang() => _hangs = Running is not null;

    /// <summary>Loses one of the next frames, in either direction.</summary>
    public void LoseFrame() => _framesToLose++;

    private void CancelRunning(JobId job, JobCancellationReason reason)
    {
        if (world.BehaviorOf(job).IgnoresCancellation || _hangs)
            return;
        if (reason == JobCancellationReason.Drain)
            ExitWithin(TimeSpan.FromMilliseconds(1));
        else
            EndRunning(new JobOutcome(job, GetCanceledStatus(reason), default, null, 1));
    }

    private static JobStatus GetCanceledStatus(JobCancellationReason reason) =>
        reason == JobCancellationReason.Timeout ? JobStatus.TimedOut : JobStatus.Canceled;

    /// <summary>Exits without an outcome of the running job.</summary>
    private void ExitWithin(TimeSpan delay)
    {
        _runs++;
        _isExiting = true;
        After(delay, Kill);
    }

    private void ReceiveFrame(Action action)
    {
        if (!LosesFrame())
            After(FrameDelay, action);
    }

    private void SendFrame(WorkerFrame frame)
    {
        if (!LosesFrame())
            world.Schedule(FrameDelay, owner, () => onFrame(frame));
    }

    private bool LosesFrame()
    {
        if (_framesToLose == 0)
            return false;
        _framesToLose--;
        HasLostFrames = true;
        return true;
    }

    private void ReturnQueued()
    {
        var returned = _queue.Select(job => job.Id).ToImmutableArray();
        if (world.Bug != PlantedBug.KeepReturnedJobs)
            _queue.Clear();
        SendFrame(new WorkerFrame.Returned(returned));
    }

    private void BeginNext()
    {
        if (!IsReady || Running is not null || _isStopping || _queue.First is not { Value: var job })
            return;
        _queue.RemoveFirst();
        (Running, RunningSince, LastBegun) = (job, world.Now, job.Id);
        // As ExecutorProgress.
        if (LastEnded == job.Id)
            LastEnded = default;
        Begun++;
        world.OnJobBegun(job, owner);
        var run = ++_runs;
        var behavior = world.BehaviorOf(job.Id);
        if (behavior.Hangs)
            return;
        After(behavior.Duration, () =>
        {
            if (run == _runs && Running is not null && !_hangs)
                EndRunning(CreateOutcome(job.Id, behavior.Throws));
        });
    }

    private static JobOutcome CreateOutcome(JobId job, bool throws) => throws
        ? new JobOutcome(job, JobStatus.Threw, default, FailureInfo.FromMessage("Fault", "thrown"), 1)
        : new JobOutcome(job, JobStatus.Succeeded, System.Text.Encoding.ASCII.GetBytes(JobBehavior.ResultOf(job.Value)), null, 1);

    private void EndRunning(JobOutcome outcome)
    {
        world.CheckRunTime(Running!, world.Now - RunningSince);
        LastEnded = outcome.Id;
        Running = null;
        _runs++;
        _hangs = false;
        SendFrame(new WorkerFrame.Done(outcome, (long)(world.Now - RunningSince).TotalMicroseconds));
        BeginNext();
        ExitIfStopped();
    }

    private void ExitIfStopped()
    {
        if (!_isStopping || Running is not null || _isExiting)
            return;
        _isExiting = true;
        After(TimeSpan.FromMilliseconds(1), Kill);
    }

    private void After(TimeSpan delay, Action action) => world.Schedule(delay, owner, () =>
    {
        if (!HasExited)
            action();
    });
}
