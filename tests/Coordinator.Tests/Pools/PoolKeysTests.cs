using System.Collections.Immutable;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using CsCheck;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>The keys of a durable pool, beside a model that remembers every accepted job.</summary>
public sealed class PoolKeysTests
{
    private static readonly PoolSpec Spec = PoolSchedule.Spec() with { IsDurable = true };

    private static readonly Gen<Step[]> Schedules =
        (from kind in Gen.Int[0, 9]
         from key in Gen.Int[0, 3]
         from argument in Gen.Int[0, 2]
         select new Step(kind, key, argument)).Array[0, 60];

    /// <summary>
    /// Submissions with and without keys, repeated submissions, ends, acknowledgments and restarts with and without a snapshot. Each key
    /// always belongs to the job that was accepted with it and is not forgotten.
    /// </summary>
    [Fact]
    public void AddJobs_AnySchedule_AgreesWithTheModel() => Schedules.Sample(steps =>
    {
        var world = new World();
        foreach (var step in steps)
            world.Run(step);
    });

    [Fact]
    public void AddJobs_SameKeyTwiceInOneSubmission_AcceptsOne()
    {
        var keys = new PoolKeys();

        var (accepted, existing) = keys.AddJobs([Job(1, "k", 1), Job(2, "k", 1), Job(3, "k", 2)], default);

        Assert.Equal([new JobId(1)], accepted.Select(job => job.Id));
        Assert.Equal(
            [new PoolProtocol.ExistingJob(new JobId(2), new JobId(1), true),
                new PoolProtocol.ExistingJob(new JobId(3), new JobId(1), false)],
            existing.ToArray());
    }

    /// <summary>The answer was lost, and the outcome was forgotten meanwhile: the job must not run a second time.</summary>
    [Fact]
    public void AddJobs_RepeatedAfterItsKeyWasForgotten_IsNotNew()
    {
        var keys = new PoolKeys();
        keys.AddJobs([Job(1, "k", 1)], default);
        keys.ForgetJob(new JobId(1));

        var (accepted, existing) = keys.AddJobs([Job(1, "k", 1)], new JobId(1));

        Assert.Empty(accepted);
        Assert.Equal([new PoolProtocol.ExistingJob(new JobId(1), new JobId(1), true)], existing.ToArray());
        Assert.Single(keys.AddJobs([Job(2, "k", 1)], new JobId(1)).New);
    }

    /// <summary>Another build of the program submits the same call: the definition differs.</summary>
    [Fact]
    public void AddJobs_OtherDefinitionOfTheSameName_IsTheSameJob()
    {
        var keys = new PoolKeys();
        keys.AddJobs([Job(1, "k", 1)], default);
        var rebuilt = Job(2, "k", 1) with { Function = new FunctionRef("Program.F", new byte[] { 9 }) };
        var renamed = Job(3, "k", 1) with { Function = new FunctionRef("Program.G", new byte[] { 1 }) };

        Assert.Equal([true, false], keys.AddJobs([rebuilt, renamed], new JobId(1)).Existing.Select(job => job.IsSame));
    }

    private static JobSpec Job(long id, string? key, int argument) => new(
        new JobId(id), new FunctionRef("Program.F", new byte[] { 1 }), new byte[] { (byte)argument }, new JobPolicy(0, 3, 0, key));

    private static JobOutcome Outcome(JobId id) => new(id, JobStatus.Succeeded, default, null, 1);

    private sealed record Step(int Kind, int Key, int Argument);

    /// <summary>The keys as the actor uses them, the written state, and the model.</summary>
    private sealed class World
    {
        private readonly Dictionary<string, (long Id, int Argument)> _model = [];
        private readonly List<(long Id, string Key, int Argument)> _submitted = [];
        private readonly HashSet<long> _pending = [];
        private readonly HashSet<long> _retained = [];
        private PoolLedger _ledger = new();
        private PoolKeys _keys = new();
        private long _last;

        public World() => Write(Empty() with { Opened = Spec });

        public void Run(Step step)
        {
            switch (step.Kind)
            {
                case < 4: Submit($"k{step.Key}", step.Argument); break;
                case 4: SubmitWithoutKey(); break;
                case 5: Repeat(step.Argument); break;
                case 6: End(step.Key); break;
                case 7: Forget(step.Key); break;
                case 8: _keys = _ledger.Keys.CreateCopy(); break;
                default: RestoreFromSnapshot(); break;
            }

            Assert.Equal(
                _model.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value.Id)),
                _keys.All.OrderBy(key => key.Key, StringComparer.Ordinal).Select(key => (key.Key, key.Id.Value)));
        }

        private void Submit(string key, int argument)
        {
            var (accepted, existing) = _keys.AddJobs([Job(_last + 1, key, argument)], new JobId(_last));
            _last++;
            if (_model.TryGetValue(key, out var known))
            {
                Assert.Empty(accepted);
                Assert.Equal(
                    [new PoolProtocol.ExistingJob(new JobId(_last), new JobId(known.Id), known.Argument == argument)], existing.ToArray());
                return;
            }

            Assert.Empty(existing);
            Accept(Assert.Single(accepted));
            _model[key] = (_last, argument);
            _submitted.Add((_last, key, argument));
        }

        private void SubmitWithoutKey()
        {
            var (accepted, existing) = _keys.AddJobs([Job(_last + 1, null, 0)], new JobId(_last));
            _last++;
            Assert.Empty(existing);
            Accept(Assert.Single(accepted));
        }

        private void Accept(JobSpec job)
        {
            Write(Empty() with { Accepted = [job] });
            _pending.Add(job.Id.Value);
        }

        /// <summary>The answer to a submission was lost.</summary>
        private void Repeat(int index)
        {
            if (_submitted.Count == 0)
                return;
            var (id, key, argument) = _submitted[index % _submitted.Count];
            var (accepted, existing) = _keys.AddJobs([Job(id, key, argument)], new JobId(_last));
            Assert.Empty(accepted);
            var owner = _model.TryGetValue(key, out var known) ? known : (Id: id, Argument: argument);
            Assert.Equal(
                [new PoolProtocol.ExistingJob(new JobId(id), new JobId(owner.Id), owner.Id == id || owner.Argument == argument)],
                existing.ToArray());
        }

        private void End(int index)
        {
            if (_pending.Count == 0)
                return;
            var id = _pending.ElementAt(index % _pending.Count);
            _pending.Remove(id);
            _retained.Add(id);
            Write(Empty() with { Ended = [Outcome(new JobId(id))] });
        }

        private void Forget(int index)
        {
            if (_retained.Count == 0)
                return;
            var id = _retained.ElementAt(index % _retained.Count);
            _retained.Remove(id);
            _keys.ForgetJob(new JobId(id));
            Write(Empty() with { Forgotten = [new JobId(id)] });
            foreach (var key in _model.Where(entry => entry.Value.Id == id).Select(entry => entry.Key).ToList())
                _model.Remove(key);
        }

        private void RestoreFromSnapshot()
        {
            var snapshot = MemoryPack.MemoryPackSerializer.Serialize(_ledger.ToSnapshot());
            _ledger = new PoolLedger();
            _ledger.RestoreSnapshot(MemoryPack.MemoryPackSerializer.Deserialize<PoolSnapshot>(snapshot)!);
            _keys = _ledger.Keys.CreateCopy();
        }

        private void Write(PoolRecord record) => _ledger.ApplyRecord(record);

        private static PoolRecord Empty() => new(0, null, [], [], [], [], [], false);
    }
}
