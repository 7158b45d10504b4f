using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using CsCheck;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>The builds that run named jobs, against a simple model.</summary>
public sealed class JobAssignmentsTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 1000]).Array[0, 100];

    private readonly NamedBuilds _builds = new();
    private readonly JobAssignments _assignments;

    public JobAssignmentsTests() => _assignments = new JobAssignments(_builds);

    [Fact]
    public void AssignJobs_TwoBuildsKnowTheName_AssignsToTheNewer()
    {
        AddBuild(1, "render");
        AddBuild(2, "render");

        Assert.Equal(Bundle(2), Assert.Single(_assignments.AssignJobs([Job(1, "render")], _ => true).Assigned).Key);
        Assert.Equal(
            Bundle(1), Assert.Single(_assignments.AssignJobs([Job(2, "render")], bundle => bundle == Bundle(1)).Assigned).Key);
        Assert.Equal((1, 1), (_assignments.CountJobs(Bundle(1)), _assignments.CountJobs(Bundle(2))));
    }

    [Fact]
    public void AssignJobs_NewerBuildHasLostTheName_AssignsToTheOlder()
    {
        AddBuild(1, "render", "print");
        AddBuild(2, "print");
        Assert.Equal(Bundle(1), Assert.Single(_assignments.AssignJobs([Job(1, "render")], _ => true).Assigned).Key);
    }

    [Fact]
    public void AssignJobs_NoBuildKnowsTheName_Waits()
    {
        AddBuild(1, "print");

        var decision = _assignments.AssignJobs([Job(1, "render")], _ => true);

        Assert.Equal("render", Assert.Single(decision.Waiting));
        Assert.Empty(decision.Assigned);
        Assert.True(_assignments.IsWaiting(new JobId(1)));
    }

    [Fact]
    public void AssignJobs_NewestHasOtherTypes_IsReported()
    {
        AddBuild(1, "render");
        _builds.AddBuild(new StoredBuild(Bundle(2), [Function("render", signature: 8)]));

        var decision = _assignments.AssignJobs([Job(1, "render")], _ => true);

        Assert.Equal((new JobId(1), Bundle(2)), (Assert.Single(decision.Changed).Job.Id, decision.Changed[0].Build));
        Assert.Empty(decision.Assigned);
    }

    /// <summary>A build that was opened again keeps its place in the order.</summary>
    [Fact]
    public void AddBuild_Again_IsNotTheNewest()
    {
        AddBuild(1, "render");
        AddBuild(2, "render");
        AddBuild(1, "render");
        Assert.Equal(Bundle(2), _builds.FindNewest("render", _ => true));
    }

    [Fact]
    public void TakeMoved_WithdrawnJob_IsTakenOnceAndOnlyIfItWasCanceled()
    {
        var (moved, ended, kept) = (Outcome(1, JobStatus.Canceled), Outcome(2, JobStatus.Succeeded), Outcome(3, JobStatus.Canceled));
        _assignments.MoveJobs([moved.Id, ended.Id, kept.Id]);
        Assert.Equal(kept.Id, Assert.Single(_assignments.KeepJobs([kept.Id, new JobId(9)])));

        Assert.Equal(moved, Assert.Single(_assignments.TakeMoved([moved, ended, kept])));
        Assert.Empty(_assignments.TakeMoved([moved, ended, kept]));
    }

    /// <summary>
    /// A canceled job may run where its worker cannot be reached. When the worker is lost, its build reports the job as canceled: another
    /// build must not run it.
    /// </summary>
    [Fact]
    public void FindOutdated_JobIsToEnd_LeavesItInItsBuild()
    {
        var (job, id) = (Job(1, "render"), new JobId(1));
        AddBuild(1, "render");
        _assignments.AssignJobs([job], _ => true);
        _assignments.MoveJobs([id]);
        _assignments.EndJobs([id]);
        AddBuild(2, "render");

        Assert.Empty(_assignments.FindOutdated(_ => job, _ => true));
        Assert.Empty(_assignments.TakeMoved([Outcome(1, JobStatus.Canceled)]));

        // It was withdrawn by its caller, and has started.
        _assignments.KeepJobs([id]);
        Assert.Equal(Bundle(1), Assert.Single(_assignments.FindOutdated(_ => job, _ => true)).Key);
    }

    [Fact]
    public void FindOutdated_AfterAnySchedule_LeavesEachJobInTheNewestUsedBuild() =>
        Schedules.Sample(steps => new Schedule().Run(steps), iter: 1000);

    private void AddBuild(int build, params string[] names) =>
        _builds.AddBuild(new StoredBuild(Bundle(build), [.. names.Select(name => Function(name))]));

    private static NamedFunction Function(string name, long signature = 7) =>
        new(new JobName(name, signature, RunsNewest: true), new FunctionRef(name, default));

    private static BundleId Bundle(int build) => new((UInt128)build, 0);

    private static JobSpec Job(int id, string name) => new(
        new JobId(id), new FunctionRef(name, default), default, JobPolicy.Once with { Named = new JobName(name, 7, RunsNewest: true) });

    private static JobOutcome Outcome(int id, JobStatus status) => new(new JobId(id), status, default, null, 1);

    /// <summary>Opens and closes builds with any of three names, while jobs are submitted, move, start and end.</summary>
    private sealed class Schedule
    {
        private static readonly string[] Names = ["a", "b", "c"];

        private readonly NamedBuilds _builds = new();
        private readonly JobAssignments _assignments;
        private readonly List<(BundleId Bundle, string[] Names)> _opened = [];
        private readonly HashSet<BundleId> _used = [];
        private readonly Dictionary<JobId, JobSpec> _pending = [];

        /// <summary>The build in which each job is; null for none.</summary>
        private readonly Dictionary<JobId, BundleId?> _places = [];
        private readonly HashSet<JobId> _moving = [];
        private int _last;

        public Schedule() => _assignments = new JobAssignments(_builds);

        public void Run((int Kind, int Argument)[] steps)
        {
            foreach (var (kind, argument) in steps)
            {
                Step(kind, argument);
                Check();
            }

            // Nothing has started: each job moves until it is where it belongs.
            Update();
            foreach (var job in _moving.ToList())
                End(job, JobStatus.Canceled);
            Assert.All(_pending.Values, job => Assert.Equal(FindNewest(job), _places[job.Id]));
        }

        private void Step(int kind, int argument)
        {
            switch (kind)
            {
                case 0: Open(argument); break;
                case 1 when _opened.Count > 0:
                    _used.Remove(_opened[argument % _opened.Count].Bundle);
                    Update();
                    break;
                case 2 or 3:
                    var job = Job(++_last, Names[argument % Names.Length]);
                    _pending.Add(job.Id, job);
                    Assign([job]);
                    break;
                case 4 when _moving.Count > 0: End(_moving.ElementAt(argument % _moving.Count), JobStatus.Canceled); break;
                case 5 when _moving.Count > 0: End(_moving.ElementAt(argument % _moving.Count), JobStatus.Succeeded); break;
                case 6 when _pending.Count > 0: End(_pending.Keys.ElementAt(argument % _pending.Count), JobStatus.Succeeded); break;
            }
        }

        private void Open(int argument)
        {
            var build = argument % 5;
            if (_opened.All(opened => opened.Bundle != Bundle(build)))
                _opened.Add((Bundle(build), [.. Names.Where((_, name) => (argument >> (4 + name)) % 2 == 0)]));
            var names = _opened.Find(opened => opened.Bundle == Bundle(build)).Names;
            _builds.AddBuild(new StoredBuild(Bundle(build), [.. names.Select(name => Function(name))]));
            _used.Add(Bundle(build));
            Update();
        }

        private void Update()
        {
            foreach (var outdated in _assignments.FindOutdated(_pending.GetValueOrDefault, _used.Contains))
            {
                // The jobs of a build that is not used any more are free.
                if (outdated.Key is { } bundle && _used.Contains(bundle))
                {
                    _assignments.MoveJobs(outdated);
                    _moving.UnionWith(outdated);
                }
                else
                {
                    Assign(outdated.Select(job => _pending[job]));
                }
            }
        }

        private void Assign(IEnumerable<JobSpec> jobs)
        {
            var all = jobs.ToList();
            var decision = _assignments.AssignJobs(all, _used.Contains);
            Assert.Empty(decision.Changed);
            Assert.Equal(all.Count, decision.Waiting.Length + decision.Assigned.Sum(build => build.Count()));
            foreach (var job in all)
                _places[job.Id] = null;
            foreach (var build in decision.Assigned)
            {
                foreach (var job in build)
                    _places[job.Id] = build.Key;
            }

            Assert.All(all, job => Assert.Equal(FindNewest(job), _places[job.Id]));
        }

        private void End(JobId job, JobStatus status)
        {
            var isMoving = _moving.Remove(job);
            var moved = _assignments.TakeMoved([new JobOutcome(job, status, default, null, 1)]);
            if (isMoving && status == JobStatus.Canceled)
            {
                Assert.Equal(job, Assert.Single(moved).Id);
                Assign([_pending[job]]);
                return;
            }

            Assert.Empty(moved);
            _assignments.RemoveJob(job);
            _pending.Remove(job);
            _places.Remove(job);
        }

        private void Check()
        {
            foreach (var build in _opened)
                Assert.Equal(_places.Values.Count(place => place == build.Bundle), _assignments.CountJobs(build.Bundle));
            Assert.All(_places, place => Assert.Equal(place.Value is null, _assignments.IsWaiting(place.Key)));
            Assert.All(
                _pending.Values.Where(job => !_moving.Contains(job.Id)), job => Assert.Equal(FindNewest(job), _places[job.Id]));
        }

        private BundleId? FindNewest(JobSpec job)
        {
            var name = job.Policy.Named!.Name;
            var known = _opened.Where(build => _used.Contains(build.Bundle) && build.Names.Contains(name)).ToList();
            return known.Count == 0 ? null : known[^1].Bundle;
        }
    }
}
