using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The life of an executor process: it starts, runs jobs, retires or is killed, and has ended when the process, its output streams and its
/// socket are closed. Has no actor and no clock: events come in, <see cref="TryTakeEffect"/> returns the actions. Not thread-safe.
/// </summary>
public sealed class ExecutorLifecycle
{
    private readonly Queue<ExecutorEffect> _effects = new();
    private ExecutorPhase _phase;

    // The process itself and its two output streams; its socket is added when it connects.
    private int _openEnds = 3;
    private int _uploads;
    private bool _isStarted;
    private bool _isExitDelayed;
    private bool _awaitsOutput;
    private bool _isCanceling;

    private enum ExecutorPhase
    {
        Starting,
        Ready,
        Retiring,
        Killed,
    }

    /// <summary>Whether the process was killed, or will be as soon as it has started.</summary>
    public bool IsKilled => _phase == ExecutorPhase.Killed;

    /// <summary>Whether the initializer has completed.</summary>
    public bool WasReady { get; private set; }

    /// <summary>The reason for the exit, as far as it is known.</summary>
    public ExecutorExitReason Reason { get; private set; } = ExecutorExitReason.Crashed;

    /// <summary>The failure that explains the exit; null for none.</summary>
    public FailureInfo? Failure { get; private set; }

    /// <summary>Whether results are being uploaded. The exit is reported after them.</summary>
    public bool IsUploading => _uploads > 0;

    /// <summary>
    /// The time that the report of the exit waits for the end of the output, which a grandchild process may keep open. After a malformed
    /// frame it is short, so that the job fails within a second.
    /// </summary>
    public TimeSpan OutputGrace =>
        Reason == ExecutorExitReason.BrokeProtocol ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(2);

    /// <summary>Takes the next action, in order.</summary>
    public bool TryTakeEffect([NotNullWhen(true)] out ExecutorEffect? effect)
    {
        effect = _effects.TryDequeue(out var next) ? next : null;
        return effect is not null;
    }

    /// <summary>The process was started. On a busy machine it can be ready before that is known.</summary>
    public void OnStarted()
    {
        _isStarted = true;
        if (_phase == ExecutorPhase.Killed)
            Request(ExecutorEffect.KillProcess);
        if (WasReady)
            Request(ExecutorEffect.ReportReady);
    }

    /// <summary>The process could not be started.</summary>
    public void OnNotStarted(FailureInfo failure)
    {
        (Reason, Failure) = (ExecutorExitReason.StartFailed, failure);
        RequestExit();
    }

    /// <summary>The process has connected.</summary>
    public void OnConnected() => _openEnds++;

    /// <summary>The initializer has completed.</summary>
    public void OnReady()
    {
        if (WasReady)
            return;
        WasReady = true;
        if (_phase == ExecutorPhase.Starting)
            _phase = ExecutorPhase.Ready;
        if (_isStarted)
            Request(ExecutorEffect.ReportReady);
    }

    /// <summary>The initializer threw an exception, or the process was not ready in time.</summary>
    public void FailStart(ExecutorExitReason reason, FailureInfo? failure)
    {
        Failure = failure;
        Kill(reason);
    }

    /// <summary>The process sent a malformed frame. Later frames are not read, so it cannot report outcomes any more.</summary>
    public void OnMalformedFrame(FailureInfo failure)
    {
        if (_phase == ExecutorPhase.Killed)
            return;
        Failure = failure;
        Kill(WasReady ? ExecutorExitReason.BrokeProtocol : ExecutorExitReason.StartFailed);
    }

    /// <summary>Lets the process end after its jobs. Does nothing if it is ending.</summary>
    public void Retire()
    {
        if (_phase is ExecutorPhase.Retiring or ExecutorPhase.Killed)
            return;
        Request(ExecutorEffect.ReportRetiring);
        if (_phase == ExecutorPhase.Starting)
        {
            Kill(ExecutorExitReason.Retired);
            return;
        }

        (_phase, Reason) = (ExecutorPhase.Retiring, ExecutorExitReason.Retired);
        Request(ExecutorEffect.StopProcess);
        Request(ExecutorEffect.AwaitStop);
    }

    /// <summary>
    /// Lets the process end after its running job, which is canceled. Does nothing when it was killed, or is being ended in this way.
    /// </summary>
    public void Stop(ExecutorExitReason reason)
    {
        if (_isCanceling || _phase == ExecutorPhase.Killed)
            return;
        _isCanceling = true;
        Retire();
        Reason = reason;
        if (_phase == ExecutorPhase.Retiring)
            Request(ExecutorEffect.CancelJobs);
    }

    /// <summary>Ends the process, because its pool has ended.</summary>
    /// <param name="isAbandoned">Whether the running job may end first, because the client has disconnected.</param>
    public void EndForPool(bool isAbandoned)
    {
        if (isAbandoned)
            Stop(ExecutorExitReason.PoolEnded);
        else
            Kill(ExecutorExitReason.Killed);
    }

    /// <summary>Kills the process. The last reason counts.</summary>
    public void Kill(ExecutorExitReason reason)
    {
        (_phase, Reason) = (ExecutorPhase.Killed, reason);
        if (reason is ExecutorExitReason.PoolEnded or ExecutorExitReason.Killed)
            Request(ExecutorEffect.CancelTransfers);
        Request(ExecutorEffect.KillProcess);
    }

    /// <summary>Repeats requests of the pool and reports to it that were lost.</summary>
    public void Compare(NodeProtocol.ExpectedExecutorState expected)
    {
        if (WasReady && _isStarted && !expected.HasFlag(NodeProtocol.ExpectedExecutorState.IsReady))
            Request(ExecutorEffect.ReportReady);
        if (expected.HasFlag(NodeProtocol.ExpectedExecutorState.IsKilled) && _phase != ExecutorPhase.Killed)
            EndForPool(expected.HasFlag(NodeProtocol.ExpectedExecutorState.IsAbandoned));
        if (expected.HasFlag(NodeProtocol.ExpectedExecutorState.IsRetiring))
            Retire();
    }

    /// <summary>The process should have ended. It is killed unless it runs a job: a thread of user code may block its exit.</summary>
    public void OnStopOverdue(bool isBusy)
    {
        if (!isBusy)
            Kill(Reason);
    }

    /// <summary>The process has ended, or one of its streams or its socket is closed.</summary>
    /// <param name="hasExited">Whether the process has ended.</param>
    public void OnEndClosed(bool hasExited)
    {
        _openEnds--;
        if (!_isStarted)
            return;
        if (!hasExited)
        {
            // The process cannot continue without its socket, but its exit handlers may still run.
            Request(ExecutorEffect.AwaitStop);
        }
        else if (_openEnds <= 0)
        {
            RequestExit();
        }
        else if (!_awaitsOutput)
        {
            _awaitsOutput = true;
            Request(ExecutorEffect.AwaitOutput);
        }
    }

    /// <summary>The output did not end in time.</summary>
    public void OnOutputOverdue() => RequestExit();

    /// <summary>The upload of a result begins.</summary>
    public void OnUploadStarted() => _uploads++;

    /// <summary>The upload of a result has ended.</summary>
    public void OnUploadEnded()
    {
        _uploads--;
        if (_isExitDelayed)
            RequestExit();
    }

    /// <summary>Completes the reason when the exit is reported.</summary>
    /// <param name="diedOfMemory">Whether the runtime of the process reported that memory ran out.</param>
    public ExecutorExitReason CompleteReason(bool diedOfMemory)
    {
        if (Reason == ExecutorExitReason.Crashed)
        {
            Reason = !WasReady ? ExecutorExitReason.StartFailed
                : diedOfMemory ? ExecutorExitReason.MemoryExceeded
                : ExecutorExitReason.Crashed;
        }

        return Reason;
    }

    private void RequestExit()
    {
        _isExitDelayed = IsUploading;
        if (!_isExitDelayed)
            Request(ExecutorEffect.ReportExit);
    }

    private void Request(ExecutorEffect effect) => _effects.Enqueue(effect);
}
