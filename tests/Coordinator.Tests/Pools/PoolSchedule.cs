using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>
/// Runs a <see cref="PoolState"/> through a schedule with simulated executors and checks every effect. Each job ends exactly once, runs
/// only where it was sent, and begins no more often than allowed. Its stored payloads are removed exactly once, when they are no longer
/// needed.
/// </summary>
internal sealed class PoolSchedule
{
    private readonly PoolState _state;
    private readonly PoolSpec _spec;
    private readonly List<SimulatedExecutor> _executors = [];
    private readonly Dictionary<JobId, JobSpec> _accepted = [];
    private readonly Dictionary<JobId, int> _crashes = [];
    private readonly Dictionary<JobId, int> _begun = [];
    private readonly Dictionary<JobId, JobOutcome> _ended = [];
    private readonly HashSet<PayloadId> _stored = [];
    private readonly NodeId _node = NodeId.New();
    // The clock does not start at zero, so that no duration counts from the start of the machine.
    private TimeSpan _now = TimeSpan.FromDays(1);
    private long _lastJob;

    public PoolSchedule(PoolSpec spec)
    {
        _spec = spec;
        _state = new PoolState(spec);
    }

    public bool IsReleased { get; private set; }

    public bool IsFinished { get; private set; }

    public IReadOnlyDictionary<JobId, JobOutcome> Ended => _ended;

    /// <summary>The number of stored large arguments and results.</summary>
    public int Stored => _stored.Count;

    public int Accepted => _accepted.Count;

    public static PoolSpec Spec(int maxJobsPerExecutor = 0) =>
        new(2, BundleId.ThisProcess, null, default, maxJobsPerExecutor, 0, 1000, 60_000);

    public void Step(int kind, int argument)
    {
        _now += TimeSpan.FromMilliseconds(argument % 20);
        switch (kind)
        {
            case 0 or 1: Submit(1 + argument % 7, maxAttempts: 1 + argument % 3); break;
            case 2: StartExecutor(); break;
            case 3 or 4 or 5: Advance(argument); break;
            case 6: Crash(argument, ExecutorExitReason.Crashed); break;
            case 7: Crash(argument, ExecutorExitReason.TimedOut); break;
            case 8: Cancel(argument); break;
            case 9: HandBack(argument); break;
            default: _state.CheckProgress(_now); Apply(); break;
        }
    }

    public void Close()
    {
        _state.ClosePool();
        Apply();
    }

    public void Terminate()
    {
        _state.TerminatePool();
        Apply();
    }

    public void LoseNode()
    {
        foreach (var executor in _executors.ToList())
        {
            Begin(executor);
            _executors.Remove(executor);
        }

        _state.NodeLost(_node, _now);
        Apply();
    }

    /// <summary>Ends the faults. With working executors, every job must end.</summary>
    public void RunToTheEnd()
    {
        for (var round = 0; _state.Pending > 0; round++)
        {
            Assert.True(round < 10_000, $"{_state.Pending} jobs never end.");
            if (_executors.All(executor => executor.IsRetiring))
                StartExecutor();
            HandBackRecalled();
            foreach (var executor in _executors.ToList())
                Advance(executor, int.MaxValue);
            ExitRetiring();
            _now += TimeSpan.FromMilliseconds(10);
            _state.CheckProgress(_now);
            Apply();
        }
    }

    /// <summary>The node stops the remaining executors.</summary>
    public void ExitAll()
    {
        foreach (var executor in _executors.ToList())
            Exit(executor, ExecutorExitReason.Retired);
    }

    private void Submit(int count, int maxAttempts)
    {
        var function = new FunctionRef("f", new byte[] { 1 });
        var jobs = Enumerable.Range(0, count)
            .Select(_ => new JobSpec(new JobId(++_lastJob), function, default, new JobPolicy(0, maxAttempts, count % 4),
            Store(_lastJob % 4 == 0))).ToList();
        foreach (var job in jobs)
            _accepted[job.Id] = job;
        _state.SubmitJobs([.. jobs], _now);
        Apply();
    }

    private StoredPayload? Store(bool isLarge)
    {
        if (!isLarge)
            return null;
        var stored = new StoredPayload(PayloadId.New(), 1, default);
        _stored.Add(stored.Id);
        return stored;
    }

    private JobOutcome Succeeded(JobId job) => new(job, JobStatus.Succeeded, default, null, 0, Store(job.Value % 3 == 0));

    private void StartExecutor()
    {
        var executor = new SimulatedExecutor(ExecutorId.New());
        _executors.Add(executor);
        _state.ExecutorStarting(executor.Id, _node);
        _state.ExecutorReady(executor.Id, _node, _now);
        Apply();
    }

    private SimulatedExecutor? Pick(int argument) => _executors.Count == 0 ? null : _executors[argument % _executors.Count];

    private void Advance(int argument)
    {
        if (Pick(argument) is { } executor)
            Advance(executor, 1 + argument % 5);
    }

    /// <summary>Runs some jobs of an executor and reports them together.</summary>
    private void Advance(SimulatedExecutor executor, int most)
    {
        var outcomes = new List<JobOutcome>();
        while (executor.Jobs.Count > 0 && outcomes.Count < most)
        {
            Begin(executor);
            executor.LastEnded = executor.Jobs[0].Id;
            outcomes.Add(Succeeded(executor.Jobs[0].Id));
            executor.Jobs.RemoveAt(0);
        }

        if (outcomes.Count == 0)
            return;
        _state.JobsDone(executor.Id, [.. outcomes], outcomes.Count * 10L, _now);
        Apply();
    }

    private void Begin(SimulatedExecutor executor)
    {
        if (executor.Jobs.Count == 0 || executor.LastBegun == executor.Jobs[0].Id)
            return;
        executor.LastBegun = executor.Jobs[0].Id;
        _begun[executor.LastBegun] = _begun.GetValueOrDefault(executor.LastBegun) + 1;
        Assert.True(_accepted[executor.LastBegun].Policy.MaxAttempts > 1 || _begun[executor.LastBegun] == 1,
            "An at-most-once job was begun twice.");
    }

    private void Crash(int argument, ExecutorExitReason reason)
    {
        if (Pick(argument) is not { } executor)
            return;
        if (argument % 3 > 0)
            Begin(executor);
        // Sometimes an ended job is lost together with its outcome.
        if (argument % 5 == 0 && executor.Jobs.Count > 0 && executor.LastBegun == executor.Jobs[0].Id)
            executor.LastEnded = executor.LastBegun;
        else if (executor.IsRunning)
            _crashes[executor.LastBegun] = _crashes.GetValueOrDefault(executor.LastBegun) + 1;
        Exit(executor, reason);
    }

    private void Exit(SimulatedExecutor executor, ExecutorExitReason reason)
    {
        _executors.Remove(executor);
        _state.ExecutorExited(executor.Id, new ExecutorExit(reason, 1, ""), executor.LastBegun, executor.LastEnded, null, _now);
        Apply();
        // Late reports of the dead executor must change nothing.
        _state.JobsDone(executor.Id, [.. executor.Jobs.Select(job => Succeeded(job.Id))], 1, _now);
        Apply();
    }

    private void Cancel(int argument)
    {
        if (_lastJob == 0)
            return;
        _state.CancelJobs([new JobId(1 + argument % _lastJob)]);
        Apply();
    }

    private void HandBack(int argument)
    {
        if (Pick(argument) is { } executor)
            HandBack(executor);
    }

    private void HandBack(SimulatedExecutor executor)
    {
        Begin(executor);
        var unbegun = executor.Jobs.Where(job => job.Id != executor.LastBegun).Select(job => job.Id).ToList();
        executor.Jobs.RemoveAll(job => unbegun.Contains(job.Id));
        executor.HandedBack += unbegun.Count;
        executor.IsRecalled = false;
        _state.JobsReturned(executor.Id, [.. unbegun], _now);
        Apply();
    }

    private void HandBackRecalled()
    {
        foreach (var executor in _executors.Where(executor => executor.IsRecalled).ToList())
            HandBack(executor);
    }

    private void ExitRetiring()
    {
        foreach (var executor in _executors.Where(executor => executor is { IsRetiring: true, Jobs.Count: 0 }).ToList())
            Exit(executor, ExecutorExitReason.Retired);
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
            case PoolEffect.SendJobs run: Run(run); break;
            case PoolEffect.SendOutcomes end:
                foreach (var outcome in end.Outcomes)
                    End(outcome);
                break;
            case PoolEffect.RemovePayload forget: Assert.True(_stored.Remove(forget.Payload), "A payload was forgotten twice."); break;
            case PoolEffect.RemoveResult forget: Assert.True(_stored.Remove(forget.Payload), "A result was forgotten twice."); break;
            case PoolEffect.SendRevocation recall: _executors.Single(executor => executor.Id == recall.Executor).IsRecalled = true; break;
            case PoolEffect.SendRetirement retire: _executors.Single(executor => executor.Id == retire.Executor).IsRetiring = true; break;
            case PoolEffect.ReleaseExecutors: IsReleased = true; break;
            case PoolEffect.FinishPool: IsFinished = true; break;
        }
    }

    private void Run(PoolEffect.SendJobs run)
    {
        var executor = _executors.SingleOrDefault(executor => executor.Id == run.Executor);
        Assert.True(executor is { IsRetiring: false }, "Jobs were sent to an executor that is gone or leaving.");
        foreach (var job in run.Jobs)
        {
            Assert.False(_ended.ContainsKey(job.Id), $"Job {job.Id} was sent after its end.");
            Assert.DoesNotContain(_executors, other => other.Jobs.Any(sent => sent.Id == job.Id));
            Assert.True(job.Stored is null || (run.Jobs.Length == 1 && executor!.Jobs.Count == 0),
                "A job with stored arguments was sent in company.");
            Assert.True(job.Stored is null || _stored.Contains(job.Stored.Id), "A job was sent whose arguments were forgotten.");
            executor!.Jobs.Add(job);
        }

        executor!.Given += run.Jobs.Length;
        if (_spec.MaxJobsPerWorker > 0)
            Assert.True(executor.Given <= _spec.MaxJobsPerWorker + executor.HandedBack, "An executor was given more jobs than it may run.");
    }

    private void End(JobOutcome outcome)
    {
        Assert.True(_accepted.TryGetValue(outcome.Id, out var spec), $"Job {outcome.Id} ended and was never accepted.");
        Assert.True(_ended.TryAdd(outcome.Id, outcome), $"Job {outcome.Id} ended twice.");
        // The client downloads the result.
        Assert.True(outcome.Stored is null || _stored.Remove(outcome.Stored.Id), "A job ended with a result that was forgotten.");
        if (outcome.Status == JobStatus.WorkerLost && spec!.Policy.MaxAttempts > 1)
            Assert.Equal(spec.Policy.MaxAttempts, outcome.Attempts);
        Assert.True(_crashes.GetValueOrDefault(outcome.Id) <= spec!.Policy.MaxAttempts,
            $"Job {outcome.Id} was run after its last attempt.");
    }

    private sealed class SimulatedExecutor(ExecutorId id)
    {
        public ExecutorId Id => id;

        public List<JobSpec> Jobs { get; } = [];

        public JobId LastBegun { get; set; }

        public JobId LastEnded { get; set; }

        public bool IsRunning => LastBegun != LastEnded;

        public bool IsRetiring { get; set; }

        public bool IsRecalled { get; set; }

        public int Given { get; set; }

        public int HandedBack { get; set; }
    }
}
