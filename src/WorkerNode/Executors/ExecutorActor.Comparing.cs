using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>Repairs the effects of lost messages when the pool sends its state.</summary>
internal sealed partial class ExecutorActor
{
    private readonly ArrivedJobs _arrived = new();

    private void ReceiveComparisons()
    {
        Receive<NodeProtocol.CompareExecutor>(CompareState);
        Receive<HeldByProcess>(ReportHeld);
        Receive<ReportStartDue>(_ => ReportStart());
    }

    /// <summary>
    /// Reports that the process is starting or ready. Repeated until the pool sends a message: a pool without this report would not know
    /// the executor, and never compare with it.
    /// </summary>
    private void ReportStart()
    {
        if (_isReady && _process is { } process)
            SendReady(process);
        else
            _setup.Pool.Tell(new NodeProtocol.ExecutorStarting(_id, _setup.Node));
    }

    private void RunOnce(NodeProtocol.RunJobs run)
    {
        Timers.Cancel(nameof(ReportStartDue));
        _reports.Acknowledge(run.Acknowledged);
        var isNew = _arrived.TryAccept(run.First, run.Jobs.Length, out var missed);
        if (missed is not null)
            _setup.Pool.Tell(_reports.AddMissed(missed));
        if (isNew)
            AssignJobs(run);
    }

    private void CompareState(NodeProtocol.CompareExecutor compare)
    {
        Timers.Cancel(nameof(ReportStartDue));
        _reports.Acknowledge(compare.Acknowledged);
        SendUnacknowledged();
        if (_arrived.TryFindMissed(compare.LastSent, out var missed))
            _setup.Pool.Tell(_reports.AddMissed(missed));
        if (_isReady && _process is { } process && !compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsReady))
            SendReady(process);
        RepeatRequests(compare);
        if (!_isReady || compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsSilent))
            AskForHeldJobs();
    }

    private void SendUnacknowledged()
    {
        foreach (var report in _reports.Unacknowledged)
            _setup.Pool.Tell(report);
    }

    /// <summary>
    /// Sends unacknowledged outcomes again before the end of the process is reported. Otherwise, the pool would run their jobs again.
    /// </summary>
    private void SendOutcomesAgain()
    {
        if (_reports.Unacknowledged.Any(report => report is NodeProtocol.JobsDone))
            SendUnacknowledged();
    }

    /// <summary>Repeats requests that may have been lost. Repeating them is harmless.</summary>
    private void RepeatRequests(NodeProtocol.CompareExecutor compare)
    {
        if (compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsKilled) && !_isKilled)
            KillProcess(ExecutorExitReason.Killed);
        if (compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsRetiring))
            RetireProcess();
        if (compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsRevoking))
            RevokeJobs();
        foreach (var job in compare.Cancelled)
        {
            // A second timer would restart the grace time.
            if (!Timers.IsTimerActive(job))
                CancelJob(new NodeProtocol.CancelRunningJob(job));
        }
    }

    /// <summary>
    /// Asks the process which jobs it holds, unless arguments or results are being transferred: the node holds these jobs, not the process.
    /// </summary>
    private void AskForHeldJobs()
    {
        if (HoldsJobs)
            return;
        var position = _arrived.Last;
        _frames?.SetAskedPosition(position);
        _connection?.SendFrames(writer =>
        {
            writer.BeginFrame(FrameKind.Compare);
            writer.WriteInt64(position);
            writer.EndFrame();
        });
    }

    private bool HoldsJobs => _fetching.Count > 0 || _sending > 0;

    /// <summary>Reports the jobs of the process. Its answer shows that the initializer has completed.</summary>
    private void ReportHeld(HeldByProcess held)
    {
        BecomeReady();
        if (!HoldsJobs)
            _setup.Pool.Tell(_reports.AddHeld(held.Last, held.Jobs, new JobId(_progress.LastBegun)));
    }

    /// <summary>Sent by the receiving thread: the jobs that the process holds.</summary>
    public sealed record HeldByProcess(long Last, ImmutableArray<JobId> Jobs);
}
