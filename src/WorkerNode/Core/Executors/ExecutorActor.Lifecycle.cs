using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;
using Actors.Messages.Storage;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>Carries out the decisions of <see cref="ExecutorLifecycle"/>.</summary>
public sealed partial class ExecutorActor
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    private void ReceiveLifecycle()
    {
        Receive<ProcessStarted>(started => WatchProcess(started.Process));
        Receive<ProcessNotStarted>(failed => UpdateLifecycle(
            lifecycle => lifecycle.OnNotStarted(ExecutorFailures.NotStarted(failed.Exception, _setup.NodeName))));
        Receive<ExecutorConnected>(SendWelcome);
        Receive<InitializerSucceeded>(_ => UpdateLifecycle(lifecycle => lifecycle.OnReady()));
        Receive<InitializerFailed>(failed => UpdateLifecycle(
            lifecycle => lifecycle.FailStart(ExecutorExitReason.InitializerThrew, failed.Failure)));
        Receive<StartTimedOut>(_ => UpdateLifecycle(
            lifecycle => lifecycle.FailStart(ExecutorExitReason.StartFailed, ExecutorFailures.NotReady(StartTimeout))));
        Receive<LinkBroken>(broken => UpdateLifecycle(
            lifecycle => lifecycle.OnMalformedFrame(ExecutorFailures.BrokeProtocol(broken.Reason))));
        Receive<EndClosed>(_ => UpdateLifecycle(lifecycle => lifecycle.OnEndClosed(_process?.ExitCode is not null)));
        Receive<OutputOverdue>(_ => UpdateLifecycle(lifecycle => lifecycle.OnOutputOverdue()));
        Receive<StopOverdue>(_ => UpdateLifecycle(lifecycle => lifecycle.OnStopOverdue(IsBusy)));
        Receive<ReportStartDue>(_ => ReportStart());
        Receive<RecycleDue>(_ => RetireProcess());
        Receive<NodeProtocol.RetireExecutor>(_ => RetireProcess());
        Receive<DrainDue>(_ => DrainProcess());
        Receive<GraceOver>(_ => UpdateLifecycle(lifecycle => lifecycle.Kill(lifecycle.Reason)));
        Receive<NodeProtocol.KillExecutor>(kill => UpdateLifecycle(lifecycle => lifecycle.EndForPool(kill.IsAbandoned)));
        Receive<NodeProtocol.TerminateExecutor>(_ => _process?.Terminate());
        Receive<Terminated>(_ => KillProcess(ExecutorExitReason.PoolEnded));
    }

    private void RetireProcess() => UpdateLifecycle(lifecycle => lifecycle.Retire());

    private void DrainProcess() => UpdateLifecycle(lifecycle =>
    {
        if (_setup.Spec.CancelsOn.HasFlag(CancellationTriggers.Drain))
            lifecycle.Stop(ExecutorExitReason.Drained);
        else
            lifecycle.Retire();
    });

    private void KillProcess(ExecutorExitReason reason) => UpdateLifecycle(lifecycle => lifecycle.Kill(reason));

    private void UpdateLifecycle(Action<ExecutorLifecycle> command)
    {
        command(_lifecycle);
        while (_lifecycle.TryTakeEffect(out var effect))
            CarryOut(effect.Value);
    }

    private void CarryOut(ExecutorEffect effect)
    {
        switch (effect)
        {
            case ExecutorEffect.ReportReady: ReportReady(); break;
            case ExecutorEffect.ReportRetiring: _setup.Pool.Tell(new NodeProtocol.ExecutorRetiring(_id)); break;
            case ExecutorEffect.StopProcess: SendFrame(FrameKind.Stop); break;
            case ExecutorEffect.CancelJobs: CancelAll(); break;
            case ExecutorEffect.KillProcess: _process?.Kill(); break;
            case ExecutorEffect.CancelTransfers: _transfers.CancelAll(); break;
            case ExecutorEffect.AwaitStop: Timers.StartPeriodicTimer(nameof(StopOverdue), StopOverdue.Instance, StopGrace); break;
            case ExecutorEffect.AwaitOutput:
                Timers.StartSingleTimer(nameof(OutputOverdue), OutputOverdue.Instance, _lifecycle.OutputGrace);
                break;
            case ExecutorEffect.ReportExit: ReportExit(); break;
        }
    }

    private void CancelAll()
    {
        SendCancellation(
            ExecutorProtocol.AllJobs,
            _lifecycle.Reason == ExecutorExitReason.Drained ? JobCancellationReason.Drain : JobCancellationReason.ClientDisconnected);
        Timers.StartSingleTimer(
            nameof(GraceOver), GraceOver.Instance, ProtocolTimes.FromMilliseconds(_setup.Spec.CancellationGraceMilliseconds));
    }

    /// <summary>
    /// Reports that the process is starting or ready. Repeated until the pool sends a message: a pool without this report would not know
    /// the executor, and never compare with it.
    /// </summary>
    private void ReportStart()
    {
        if (_lifecycle.WasReady && _process is { } process)
            SendReady(process);
        else
            _setup.Pool.Tell(new NodeProtocol.ExecutorStarting(_id, _setup.Node));
    }

    private void ReportReady()
    {
        SendReady(_process!);
        if (Timers.IsTimerActive(nameof(StartTimedOut)))
            StartServing();
    }

    /// <summary>The process is ready for the first time.</summary>
    private void StartServing()
    {
        Timers.Cancel(nameof(StartTimedOut));
        if (_setup.Spec.RecycleAfterMilliseconds > 0)
        {
            Timers.StartSingleTimer(
                nameof(RecycleDue), RecycleDue.Instance, ProtocolTimes.FromMilliseconds(_setup.Spec.RecycleAfterMilliseconds));
        }

        Context.Parent.Tell(ProcessReady.Instance);
    }

    private void SendReady(RunningProcess process) =>
        _setup.Pool.Tell(new NodeProtocol.ExecutorReady(_id, _setup.Node, _setup.NodeName, process.Id));

    private void ReportExit()
    {
        ForwardLastReceipts();
        // Remove the arrays of a manager in a killed process. On another thread, because other users may have left files there too.
        OwnedMemory.StartRemovingAbandoned();
        var item = IsBusy ? (int)Math.Max(_progress.Item, 0) : 0;
        var reason = _lifecycle.CompleteReason(DiedOfMemory());
        var exit = new ExecutorExit(reason, _process?.ExitCode, _process?.LastErrors ?? "", item);
        var exited = new NodeProtocol.ExecutorExited(
            _id, _setup.Node, _setup.NodeName, _process?.Id ?? 0, exit,
            new JobId(_progress.LastBegun), new JobId(_progress.LastEnded), _lifecycle.Failure);
        SendOutcomesAgain();
        _setup.Pool.Tell(exited);
        Context.Parent.Tell(new ProcessEnded(_lifecycle.WasReady, reason));
        Context.Stop(Self);
    }

    /// <summary>
    /// Sends unacknowledged outcomes again before the end of the process is reported. Otherwise, the pool would run their jobs again.
    /// </summary>
    private void SendOutcomesAgain()
    {
        if (_reports.Unacknowledged.Any(report => report is NodeProtocol.JobsDone))
            SendUnacknowledged();
    }

    /// <summary>
    /// Forwards the receipts that the process has left. Once, because the ring holds fewer than one call forwards: a program that a job has
    /// started and that outlives its worker could add others without end.
    /// </summary>
    private void ForwardLastReceipts()
    {
        try
        {
            _link?.Frames.ForwardReceipts();
        }
        catch (InvalidDataException exception)
        {
            // The process has overwritten or truncated its progress file, so the file does not tell which job was running.
            _lifecycle.OnMalformedFrame(ExecutorFailures.BrokeProtocol(exception));
        }
        catch (IOException)
        {
            // The disk fails. The end of the process must still be reported.
        }
    }
}
