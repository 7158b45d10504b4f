using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.WorkerNode.Executors;

namespace Actors.Client.Tests.Delivery;

/// <summary>
/// A pool and its executors, whose messages are lost, come twice, late and in another order, and whose processes crash and lose frames.
/// Each job ends exactly once,
/// and one that may run only once does.
/// </summary>
internal sealed class LossySchedule
{
    private readonly PoolState _state = new(new PoolSpec(2, BundleId.ThisProcess, null, default, 0, 0, 1000, 60_000));
    private readonly List<SimulatedExecutor> _executors = [];
    private readonly List<object> _toPool = [];
    private readonly Dictionary<JobId, JobSpec> _accepted = [];
    private readonly Dictionary<JobId, int> _begun = [];
    private readonly Dictionary<JobId, JobOutcome> _ended = [];
    private readonly NodeId _node = NodeId.New();
    private TimeSpan _now = TimeSpan.FromDays(1);
    private long _lastJob;

    public int Accepted => _accepted.Count;

    public int Ended => _ended.Count;

    public void Step(int kind, int argument)
    {
        _now += TimeSpan.FromMilliseconds(argument % 300);
        switch (kind)
        {
            case 0: Submit(1 + argument % 7, maxAttempts: 1 + argument % 3); break;
            case 1: StartExecutor(); break;
            case 2 or 3: DeliverToPool(argument); break;
            case 4 or 5: Pick(argument)?.Deliver(argument); break;
            case 6: Lose(argument); break;
            case 7: Repeat(argument); break;
            case 8 or 9: Pick(argument)?.RunNext(isReported: argument % 7 > 0); break;
            case 10: Pick(argument)?.LoseJob(); break;
            case 11: Crash(argument); break;
            case 12: _state.CancelJobs([new JobId(1 + argument % Math.Max(1, _lastJob))]); break;
            default: _state.CompareExecutors(_now); break;
        }

        Apply();
    }

    /// <summary>Nothing is lost any more. Time passes until every job has ended.</summary>
    public void RunToTheEnd()
    {
        if (_executors.Count == 0)
            StartExecutor();
        for (var round = 0; _state.Pending > 0; round++)
        {
            Assert.True(round < 200, $"{_state.Pending} jobs never end.");
            _now += TimeSpan.FromSeconds(1);
            _state.CompareExecutors(_now);
            Apply();
            foreach (var executor in _executors.ToList())
                executor.DeliverAndRunAll();
            while (_toPool.Count > 0)
                DeliverToPool(0);
            if (_executors.Count == 0)
                StartExecutor();
        }
    }

    private void Submit(int count, int maxAttempts)
    {
        var function = new FunctionRef("f", new byte[] { 1 });
        var jobs = Enumerable.Range(0, count)
            .Select(_ => new JobSpec(new JobId(++_lastJob), function, default, new JobPolicy(0, maxAttempts))).ToList();
        jobs.ForEach(job => _accepted.Add(job.Id, job));
        _state.SubmitJobs([.. jobs], _now);
    }

    private void StartExecutor()
    {
        var executor = new SimulatedExecutor(this, ExecutorId.New());
        _executors.Add(executor);
        _state.ExecutorStarting(executor.Id, _node);
        _toPool.Add(new NodeProtocol.ExecutorReady(executor.Id, _node, "", 1));
    }

    private SimulatedExecutor? Pick(int argument) => _executors.Count == 0 ? null : _executors[argument % _executors.Count];

    private void DeliverToPool(int argument)
    {
        if (_toPool.Count == 0)
            return;
        // Now and then one passes others.
        var next = argument % 5 == 0 ? argument % _toPool.Count : 0;
        var message = _toPool[next];
        _toPool.RemoveAt(next);
        switch (message)
        {
            case NodeProtocol.ExecutorReady ready: BecomeReady(ready.Executor); break;
            case NodeProtocol.IExecutorReport report: _state.AddReport(report, _now); break;
            case NodeProtocol.ExecutorExited exited:
                _state.ExecutorExited(exited.Executor, exited.Exit, exited.LastBegun, exited.LastEnded, null, _now);
                break;
        }

        Apply();
    }

    private void BecomeReady(ExecutorId id)
    {
        _state.ExecutorReady(id, _node, _now);
        Apply();
        // The pool's actor watches the executor's, which has stopped.
        if (Find(id) is null)
            _state.ExecutorLost(id, _now);
    }

    private void Lose(int argument)
    {
        var messages = argument % 2 == 0 ? _toPool : Pick(argument / 2)?.Inbox;
        if (messages is not { Count: > 0 })
            return;
        var lost = messages[argument % messages.Count];
        messages.Remove(lost);
        // The pool's actor watches the executor's.
        if (lost is NodeProtocol.ExecutorExited exited)
            _state.ExecutorLost(exited.Executor, _now);
    }

    private void Repeat(int argument)
    {
        var messages = argument % 2 == 0 ? _toPool : Pick(argument / 2)?.Inbox;
        if (messages is { Count: > 0 })
            messages.Add(messages[argument % messages.Count]);
    }

    private void Crash(int argument)
    {
        if (Pick(argument) is not { } executor)
            return;
        _executors.Remove(executor);
        executor.Exit();
    }

    private void Apply()
    {
        foreach (var effect in _state.TakeEffects())
            Apply(effect);
    }

    private void Apply(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.SendJobs run:
                Assert.DoesNotContain(run.Jobs, job => _ended.ContainsKey(job.Id));
                Find(run.Executor)?.Send(new NodeProtocol.RunJobs(run.Jobs, run.First, _state.AcknowledgeReports(run.Executor)));
                break;
            case PoolEffect.SendComparison compare:
                Find(compare.Executor)?.Compare(compare,
                _state.AcknowledgeReports(compare.Executor)); break;
            case PoolEffect.SendRevocation recall: Find(recall.Executor)?.Inbox.Add(new NodeProtocol.RevokeJobs()); break;
            case PoolEffect.SendOutcomes end:
                foreach (var outcome in end.Outcomes)
                    Assert.True(_accepted.ContainsKey(outcome.Id) && _ended.TryAdd(outcome.Id, outcome), $"Job {outcome.Id} ended twice.");
                break;
        }
    }

    private SimulatedExecutor? Find(ExecutorId id) => _executors.SingleOrDefault(executor => executor.Id == id);

    private void Begin(JobSpec job)
    {
        _begun[job.Id] = _begun.GetValueOrDefault(job.Id) + 1;
        Assert.True(job.Policy.MaxAttempts > 1 || _begun[job.Id] == 1, "A job that may run only once has run twice.");
    }

    /// <summary>Plays the node's actor and a process that runs each job it receives.</summary>
    private sealed class SimulatedExecutor(LossySchedule schedule, ExecutorId id)
    {
        private readonly ReportLog _log = new(id);
        private readonly ArrivedJobs _arrived = new();
        private readonly List<JobSpec> _jobs = [];
        private JobId _lastBegun;
        private long _lastSent;

        public ExecutorId Id => id;

        public List<object> Inbox { get; } = [];

        public void Send(NodeProtocol.RunJobs run)
        {
            _lastSent = run.First + run.Jobs.Length - 1;
            Inbox.Add(run);
        }

        public void Compare(PoolEffect.SendComparison compare, long acknowledged) =>
            Inbox.Add(new NodeProtocol.CompareExecutor(id, acknowledged, _lastSent, compare.State, compare.Canceled));

        public void Deliver(int argument)
        {
            if (Inbox.Count == 0)
                return;
            var next = argument % 5 == 0 ? argument % Inbox.Count : 0;
            var message = Inbox[next];
            Inbox.RemoveAt(next);
            switch (message)
            {
                case NodeProtocol.RunJobs run: Take(run); break;
                case NodeProtocol.RevokeJobs: Return(); break;
                case NodeProtocol.CompareExecutor compare: Take(compare); break;
            }
        }

        public void DeliverAndRunAll()
        {
            while (Inbox.Count > 0)
                Deliver(1);
            while (_jobs.Count > 0)
                RunNext(isReported: true);
        }

        /// <summary>The frame with the outcome may be lost between process and node.</summary>
        public void RunNext(bool isReported)
        {
            if (_jobs.Count == 0)
                return;
            var job = _jobs[0];
            _jobs.RemoveAt(0);
            _lastBegun = job.Id;
            schedule.Begin(job);
            if (isReported)
                schedule._toPool.Add(_log.AddDone([new JobOutcome(job.Id, JobStatus.Succeeded, default, null, 1)], 10));
        }

        /// <summary>The frame with the job was lost between node and process.</summary>
        public void LoseJob()
        {
            if (_jobs.Count > 0)
                _jobs.RemoveAt(_jobs.Count - 1);
        }

        public void Exit()
        {
            schedule._toPool.AddRange(_log.Unacknowledged);
            var exit = new ExecutorExit(ExecutorExitReason.Crashed, 1, "");
            schedule._toPool.Add(new NodeProtocol.ExecutorExited(id, schedule._node, "", 1, exit, _lastBegun, _lastBegun, null));
        }

        private void Take(NodeProtocol.RunJobs run)
        {
            _log.Acknowledge(run.Acknowledged);
            var isNew = _arrived.TryAccept(run.First, run.Jobs.Length, out var missed);
            Report(missed);
            if (isNew)
                _jobs.AddRange(run.Jobs);
        }

        private void Take(NodeProtocol.CompareExecutor compare)
        {
            _log.Acknowledge(compare.Acknowledged);
            schedule._toPool.AddRange(_log.Unacknowledged);
            if (_arrived.TryFindMissed(compare.LastSent, out var missed))
                Report(missed);
            if (!compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsReady))
                schedule._toPool.Add(new NodeProtocol.ExecutorReady(id, schedule._node, "", 1));
            if (compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsRevoking))
                Return();
            if (compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsSilent))
                schedule._toPool.Add(_log.AddHeld(_arrived.Last, [.. _jobs.Select(job => job.Id)], _lastBegun));
        }

        private void Return()
        {
            schedule._toPool.Add(_log.AddReturned([.. _jobs.Select(job => job.Id)]));
            _jobs.Clear();
        }

        private void Report(JobRange? missed)
        {
            if (missed is not null)
                schedule._toPool.Add(_log.AddMissed(missed));
        }
    }
}
