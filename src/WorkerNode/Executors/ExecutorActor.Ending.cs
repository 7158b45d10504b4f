using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;
using Actors.Messages.Storage;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>Retires and kills the process, and reports its exit.</summary>
internal sealed partial class ExecutorActor
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    /// <summary>The number of open handles of the process: the process itself, its two output streams and its socket.</summary>
    private int _openEnds;
    private bool _isRetiring;

    private void RetireProcess()
    {
        // The reason for the kill remains the reason for the exit.
        if (_isRetiring || _isKilled)
            return;
        _isRetiring = true;
        _setup.Pool.Tell(new NodeProtocol.ExecutorRetiring(_id));
        if (!_isReady)
        {
            KillProcess(ExecutorExitReason.Retired);
            return;
        }

        _reason = ExecutorExitReason.Retired;
        SendFrame(FrameKind.Stop);
        Timers.StartPeriodicTimer(nameof(StopOverdue), StopOverdue.Instance, StopGrace);
    }

    /// <summary>Kills an executor that does not stop although it has no job. A thread of user code may block its exit.</summary>
    private void KillUnlessBusy()
    {
        if (!IsBusy)
            KillProcess(_reason);
    }

    private void KillProcess(ExecutorExitReason reason)
    {
        _reason = reason;
        _isKilled = true;
        // No one waits for results that are being transferred.
        if (reason is ExecutorExitReason.PoolEnded or ExecutorExitReason.Killed)
            _stopTransfers.Cancel();
        _process?.Kill();
    }

    private void OnEndClosed()
    {
        _openEnds--;
        if (_process is null)
            return;
        if (_process.GetExitCode() is null)
        {
            // The process cannot continue without its socket, but its exit handlers may still run.
            Timers.StartPeriodicTimer(nameof(StopOverdue), StopOverdue.Instance, StopGrace);
        }
        else if (_openEnds <= 0)
        {
            ReportExit();
        }
        else if (!Timers.IsTimerActive(nameof(OutputOverdue)))
        {
            // A grandchild process may keep the output open.
            Timers.StartSingleTimer(nameof(OutputOverdue), OutputOverdue.Instance, OutputGraceOf(_reason));
        }
    }

    private void ReportExit()
    {
        _isExitDelayed = _sending > 0;
        if (_isExitDelayed)
            return;
        ForwardLastReceipts();
        // Remove the arrays of a manager in a killed process.
        OwnedMemory.RemoveAbandoned();
        if (!_isReady && _reason == ExecutorExitReason.Crashed)
            _reason = ExecutorExitReason.StartFailed;
        else if (_reason == ExecutorExitReason.Crashed && DiedOfMemory())
            _reason = ExecutorExitReason.MemoryExceeded;
        var item = IsBusy ? (int)Math.Max(_progress.Item, 0) : 0;
        var exit = new ExecutorExit(_reason, _process?.GetExitCode(), _errors?.LastText() ?? "", item);
        var exited = new NodeProtocol.ExecutorExited(
            _id, _setup.Node, _setup.NodeName, _process?.Id ?? 0, exit,
            new JobId(_progress.LastBegun), new JobId(_progress.LastEnded), _failure);
        SendOutcomesAgain();
        _setup.Pool.Tell(exited);
        Context.Parent.Tell(new ProcessEnded(_isReady));
        Context.Stop(Self);
    }
}
