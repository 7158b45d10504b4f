using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>Runs and cancels the jobs of the pool, and repairs the effects of lost messages when the pool sends its state.</summary>
public sealed partial class ExecutorActor
{
    private long _revocations;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private bool IsBusy => _progress.LastBegun != _progress.LastEnded;

    /// <summary>Whether arguments or results are being transferred: the node holds these jobs, not the process.</summary>
    private bool HoldsJobs => _transfers.IsFetching || _lifecycle.IsUploading;

    private void ReceiveJobs()
    {
        Receive<NodeProtocol.RunJobs>(RunOnce);
        Receive<NodeProtocol.RevokeJobs>(_ => RevokeJobs());
        Receive<NodeProtocol.CancelRunningJob>(cancel => CancelJob(cancel.Job));
        Receive<NodeProtocol.CompareExecutor>(CompareState);
        Receive<JobGrace>(EndGrace);
        Receive<HeldByProcess>(ReportHeld);
        Receive<ResultInFile>(SendResult);
        Receive<JobTransfers.ArgumentsFetched>(RunFetched);
        Receive<JobTransfers.ResultSent>(ReportSent);
        Receive<PayloadProtocol.DropShared>(DropShared);
    }

    private void RunOnce(NodeProtocol.RunJobs run)
    {
        Timers.Cancel(nameof(ReportStartDue));
        _reports.Acknowledge(run.Acknowledged);
        var isNew = _arrived.TryAccept(run.First, run.Jobs.Length, out var missed);
        if (missed is not null)
            _setup.Pool.Tell(_reports.AddMissed(missed));
        if (isNew)
            AssignJobs(run.Jobs);
    }

    private void AssignJobs(ImmutableArray<JobSpec> jobs)
    {
        _assigned.AddJobs(jobs);
        if (_deadlines.AddJobs(jobs) && !Timers.IsTimerActive(nameof(CheckDeadlines)))
            Timers.StartPeriodicTimer(nameof(CheckDeadlines), CheckDeadlines.Instance, JobDeadlines.CheckInterval);
        if (!jobs.Any(_transfers.NeedsFetch))
        {
            SendJobs(jobs);
            return;
        }

        foreach (var job in jobs)
        {
            if (_transfers.NeedsFetch(job))
                _transfers.FetchArgumentsAsync(job).PipeTo(Self);
            else
                SendJobs([job]);
        }
    }

    private void SendJobs(ImmutableArray<JobSpec> jobs)
    {
        if (_link is { } link)
            RunFrame.SendJobs(BeginRuns(jobs), _functions, link.Connection.SendFrames);
    }

    private void RunFetched(JobTransfers.ArgumentsFetched fetched)
    {
        // Otherwise the job was canceled in the meantime, and returned.
        if (!_transfers.TryFinishFetching(fetched.Job.Id))
            return;
        if (fetched.Failure is null)
        {
            if (fetched.Job.Stored is null)
                SendJobs([fetched.Job]);
            else
                SendStoredJob(BeginRuns([fetched.Job])[0]);
            return;
        }

        _assigned.RemoveJob(fetched.Job.Id.Value);
        _setup.Pool.Tell(_reports.AddDone([new JobOutcome(fetched.Job.Id, JobStatus.Refused, default, fetched.Failure, 0)], 0));
    }

    private void SendStoredJob(JobSpec job) => SendFrames(writer => RunFrame.WriteStoredJob(writer, job, _functions));

    private ImmutableArray<JobSpec> BeginRuns(ImmutableArray<JobSpec> jobs) => _spans.BeginRuns(jobs, _process?.Id ?? 0);

    private void SendResult(ResultInFile result)
    {
        _lifecycle.OnUploadStarted();
        _transfers.SendResultAsync(result.Job, result.BusyMicroseconds).PipeTo(Self);
    }

    private void ReportSent(JobTransfers.ResultSent sent)
    {
        if (!_transfers.IsCanceled)
            _setup.Pool.Tell(_reports.AddDone([sent.Outcome], sent.BusyMicroseconds));
        UpdateLifecycle(lifecycle => lifecycle.OnUploadEnded());
    }

    private void DropShared(PayloadProtocol.DropShared drop)
    {
        _setup.Shared?.RemoveFile(drop.Payload);
        SendFrames(writer =>
        {
            writer.BeginFrame(FrameKind.DropShared);
            writer.WriteGuid(drop.Payload.Value);
            writer.EndFrame();
        });
    }

    private void RevokeJobs()
    {
        _revocations++;
        SendFrame(FrameKind.Revoke);
    }

    private void CancelJob(JobId job)
    {
        if (_transfers.TryStopFetching(job))
        {
            _assigned.RemoveJob(job.Value);
            _setup.Pool.Tell(_reports.AddReturned([job]));
            return;
        }

        RevokeJobs();
        SendCancellation(job.Value, JobCancellationReason.Requested);
        var grace = ProtocolTimes.FromMilliseconds(_setup.Spec.CancellationGraceMilliseconds);
        StartGrace(new JobGrace(job, _revocations, Now + grace + StopGrace), grace);
    }

    private void SendCancellation(long job, JobCancellationReason reason) => SendFrames(writer =>
    {
        writer.BeginFrame(FrameKind.Cancel);
        writer.WriteInt64(job);
        writer.WriteByte((byte)reason);
        writer.EndFrame();
    });

    private void StartGrace(JobGrace grace, TimeSpan time) => Timers.StartSingleTimer(grace.Job, grace, time);

    private void EndGrace(JobGrace grace)
    {
        var answered = _link?.Frames.AnsweredRevocations ?? long.MaxValue;
        switch (grace.Decide(IsBusy && _progress.LastBegun == grace.Job.Value, answered, Now))
        {
            case JobGrace.GraceDecision.Kill: KillProcess(ExecutorExitReason.Canceled); break;
            case JobGrace.GraceDecision.Wait: StartGrace(grace, JobDeadlines.CheckInterval); break;
        }
    }

    private void CompareState(NodeProtocol.CompareExecutor compare)
    {
        Timers.Cancel(nameof(ReportStartDue));
        _reports.Acknowledge(compare.Acknowledged);
        SendUnacknowledged();
        if (_arrived.TryFindMissed(compare.LastSent, out var missed))
            _setup.Pool.Tell(_reports.AddMissed(missed));
        UpdateLifecycle(lifecycle => lifecycle.Compare(compare.State));
        RepeatRequests(compare);
        if (!_lifecycle.WasReady || compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsSilent))
            AskForHeldJobs();
    }

    private void SendUnacknowledged()
    {
        foreach (var report in _reports.Unacknowledged)
            _setup.Pool.Tell(report);
    }

    /// <summary>Repeats requests that may have been lost. Repeating them is harmless.</summary>
    private void RepeatRequests(NodeProtocol.CompareExecutor compare)
    {
        if (compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsRevoking))
            RevokeJobs();
        foreach (var job in compare.Canceled)
        {
            // A second timer would restart the grace time.
            if (!Timers.IsTimerActive(job))
                CancelJob(job);
        }
    }

    /// <summary>Asks the process which jobs it holds, unless the node holds some.</summary>
    private void AskForHeldJobs()
    {
        if (HoldsJobs)
            return;
        var position = _arrived.Last;
        _link?.Frames.SetAskedPosition(position);
        SendFrames(writer =>
        {
            writer.BeginFrame(FrameKind.Compare);
            writer.WriteInt64(position);
            writer.EndFrame();
        });
    }

    /// <summary>Reports the jobs of the process. Its answer shows that the initializer has completed.</summary>
    private void ReportHeld(HeldByProcess held)
    {
        UpdateLifecycle(lifecycle => lifecycle.OnReady());
        if (!HoldsJobs)
            _setup.Pool.Tell(_reports.AddHeld(held.Last, held.Jobs, new JobId(_progress.LastBegun)));
    }
}
