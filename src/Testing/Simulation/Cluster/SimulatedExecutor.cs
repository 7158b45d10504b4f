using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Pools;
using Actors.WorkerNode.Executors;

namespace Actors.Testing;

/// <summary>
/// A worker in memory with the part of its node that speaks to the pool: receives jobs once and in order, reports outcomes until the pool
/// has acknowledged them, and answers comparisons, with the messages of the real protocol.
/// </summary>
internal sealed partial class SimulatedExecutor
{
    private static readonly TimeSpan ReportStartInterval = TimeSpan.FromSeconds(1);

    private readonly SimulatedCluster _cluster;
    private readonly SimulatedPool _pool;
    private readonly NodeId _nodeId;
    private readonly ArrivedJobs _arrived = new();
    private readonly LinkedList<JobSpec> _assigned = new();
    private readonly UnacknowledgedMessages<NodeProtocol.IExecutorReport> _reports = new();
    private readonly JobSite _site;
    private NodeProtocol.ExecutorExited? _exited;
    private bool _isReady;
    private bool _isKnown;
    private bool _isStarted;
    private bool _isStopped;

    public SimulatedExecutor(SimulatedCluster cluster, SimulatedNode node, SimulatedPool pool)
    {
        (_cluster, Node, _pool, _nodeId) = (cluster, node, pool, node.Id);
        (Id, ProcessId) = (cluster.NewExecutorId(), cluster.NewProcessId());
        Objects = new SimulatedObjectChannel(cluster, node);
        _site = new JobSite(
            pool.Spec.DisplayName, NodeName, Clock, (id, value) => Send(new NodeProtocol.JobProgressReport(Id, id, 0, value)),
            SendsInline: true)
        {
            LogsFrom = pool.Spec.LogsFrom,
        };
    }

    /// <summary>The identity.</summary>
    public ExecutorId Id { get; }

    /// <summary>The process id that users see.</summary>
    public int ProcessId { get; }

    /// <summary>The node.</summary>
    public SimulatedNode Node { get; }

    /// <summary>The name of the node.</summary>
    public string NodeName => Node.Name;

    /// <summary>The connection of the process to managed objects.</summary>
    public SimulatedObjectChannel Objects { get; }

    /// <summary>The position of the last job that the pool has sent. Belongs to the pool.</summary>
    public long LastSent { get; set; }

    /// <summary>Whether the worker ends after its running job.</summary>
    public bool IsRetiring { get; private set; }

    /// <summary>Whether the process has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the process accepts jobs.</summary>
    public bool IsReady => _isReady && !HasEnded;

    /// <summary>Whether a signal or a pause of the node has stopped the process: nothing of it runs.</summary>
    private bool IsPaused => _isStopped || Node.IsPaused;

    private VirtualClock Clock => _cluster.Clock;

    /// <summary>Starts the process, which takes some milliseconds.</summary>
    public void Start()
    {
        ReportStart();
        Node.StartTimer(_cluster.ChooseStartTime(), Initialize);
    }

    /// <summary>Reports that the process is starting or ready, until the pool sends a message.</summary>
    private void ReportStart()
    {
        if (HasEnded || _isKnown)
            return;
        if (_isReady)
            SendReady();
        else
            Send(new NodeProtocol.ExecutorStarting(Id, _nodeId));
        Node.StartTimer(ReportStartInterval, ReportStart);
    }

    /// <summary>Handles a message of the pool.</summary>
    public void Receive(IWireMessage message)
    {
        if (HasEnded)
        {
            // The pool has not received the last message.
            if (_exited is not null && message is NodeProtocol.CompareExecutor)
                Send(_exited);
            return;
        }

        _isKnown |= message is NodeProtocol.RunJobs or NodeProtocol.CompareExecutor;
        switch (message)
        {
            case NodeProtocol.RunJobs run: AcceptJobs(run); break;
            case NodeProtocol.RevokeJobs: ReturnAssigned(); break;
            case NodeProtocol.CancelRunningJob cancel: CancelJob(cancel.Job); break;
            case NodeProtocol.RetireExecutor: Retire(); break;
            case NodeProtocol.KillExecutor kill: EndForPool(kill.IsAbandoned); break;
            case NodeProtocol.CompareExecutor compare: AnswerComparison(compare); break;
        }
    }

    /// <summary>Ends the process after its running job.</summary>
    public void Retire()
    {
        if (!IsRetiring)
        {
            IsRetiring = true;
            Send(new NodeProtocol.ExecutorRetiring(Id));
            ReturnAssigned();
        }

        if (_running is null && !HasEnded)
            End(new ExecutorExit(ExecutorExitReason.Retired, 0, ""));
    }

    /// <summary>Sends a signal to the process.</summary>
    public void Signal(WorkerSignal signal)
    {
        if (signal is WorkerSignal.Stop or WorkerSignal.Continue)
        {
            _isStopped = signal == WorkerSignal.Stop;
            UpdatePause();
            return;
        }

        End(new ExecutorExit(ExecutorExitReason.Crashed, -ProcessSignals.GetNumber(signal), ""));
    }

    /// <summary>Stops or continues the process after a signal or a pause of its node.</summary>
    public void UpdatePause()
    {
        if (IsPaused)
        {
            _run?.Pause();
            return;
        }

        _run?.Resume(_cluster.Scheduler);
        BeginNext();
    }

    /// <summary>Ends the process, and reports that to the pool. The node starts another one.</summary>
    public void End(ExecutorExit exit, FailureInfo? failure = null)
    {
        if (HasEnded)
            return;
        EndProcess();
        // A killed process disposes nothing.
        if (exit.Reason == ExecutorExitReason.Retired)
            _ = _site.DisposeAsync().AsTask();
        _exited = new NodeProtocol.ExecutorExited(Id, _nodeId, NodeName, _isStarted ? ProcessId : 0, exit, _lastBegun, _lastEnded, failure);
        Send(_exited);
        Node.OnEnded(this, _isReady);
    }

    /// <summary>Ends the process with its node, of which nothing is reported.</summary>
    public void EndSilently()
    {
        if (!HasEnded)
            EndProcess();
    }

    private static ExecutorExit CreateKill(ExecutorExitReason reason) =>
        new(reason, -ProcessSignals.GetNumber(WorkerSignal.Kill), "");

    private void EndProcess()
    {
        HasEnded = true;
        _deadline?.Dispose();
        if (_run is not null)
            _cluster.Scheduler.AbandonRun(_run);
        Objects.EndCaller();
    }

    private void Initialize()
    {
        if (HasEnded)
            return;
        _isStarted = true;
        var failure = _cluster.Calls.PrepareWorker(_pool.Spec, _site, Objects);
        if (HasEnded)
            return;
        if (failure is not null)
        {
            End(new ExecutorExit(ExecutorExitReason.InitializerThrew, 1, ""), failure);
            return;
        }

        _isReady = true;
        Node.OnReady(this);
        SendReady();
        if (_pool.Spec.RecycleAfterMilliseconds is > 0 and var age)
            Node.StartTimer(TimeSpan.FromMilliseconds(age), Retire);
    }

    private void AcceptJobs(NodeProtocol.RunJobs run)
    {
        _reports.Acknowledge(run.Acknowledged);
        var isNew = _arrived.TryAccept(run.First, run.Jobs.Length, out var missed);
        ReportMissed(missed);
        if (!isNew)
            return;
        foreach (var job in run.Jobs)
            _assigned.AddLast(job);
        if (IsRetiring)
            ReturnAssigned();
        BeginNext();
    }

    private void ReturnAssigned()
    {
        ImmutableArray<JobId> returned = [.. _assigned.Select(job => job.Id)];
        _assigned.Clear();
        Report(number => new NodeProtocol.JobsReturned(Id, returned, number));
    }

    private void CancelJob(JobId job)
    {
        if (_assigned.FirstOrDefault(assigned => assigned.Id == job) is { } waiting)
        {
            _assigned.Remove(waiting);
            Report(number => new NodeProtocol.JobsReturned(Id, [job], number));
        }
        else if (_running?.Id == job)
        {
            CancelRunning(JobCancellationReason.Requested, ExecutorExitReason.Canceled);
        }
    }

    private void AnswerComparison(NodeProtocol.CompareExecutor compare)
    {
        _reports.Acknowledge(compare.Acknowledged);
        foreach (var report in _reports.All)
            Send(report);
        if (_arrived.TryFindMissed(compare.LastSent, out var missed))
            ReportMissed(missed);
        if (!compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsReady) && _isReady)
            SendReady();
        foreach (var job in compare.Canceled)
            CancelJob(job);
        if (compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsKilled))
            EndForPool(compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsAbandoned));
        else if (compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsRetiring))
            Retire();
        else if (compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsRevoking) && _reports.All.Count == 0)
            ReturnAssigned();
        if (compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsSilent) && !HasEnded && _reports.All.Count == 0)
            ReportHeld(compare.LastSent);
    }

    private void ReportHeld(long last)
    {
        ImmutableArray<JobId> jobs = [.. _running is null ? [] : (JobId[])[_running.Id], .. _assigned.Select(job => job.Id)];
        Report(number => new NodeProtocol.JobsHeld(Id, last, jobs, _lastBegun, number));
    }

    private void ReportMissed(JobRange? missed)
    {
        if (missed is not null)
            Report(number => new NodeProtocol.JobsMissed(Id, missed.First, missed.Last, number));
    }

    private void SendReady() => Send(new NodeProtocol.ExecutorReady(Id, _nodeId, NodeName, ProcessId));

    private void Report(Func<long, NodeProtocol.IExecutorReport> create)
    {
        var report = create(_reports.Last + 1);
        _reports.Add(report);
        Send(report);
    }

    private void Send(IWireMessage message) =>
        _cluster.SendToCoordinator(Node, _pool.Coordinator, () => _pool.ReceiveFromExecutor(this, message));
}
