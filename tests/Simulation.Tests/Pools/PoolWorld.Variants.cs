using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>
/// The variants of durable pools: some need a connected program, as local ones do; some have a program that reads no results, or one whose
/// results are retained for a short time.
/// </summary>
internal sealed partial class PoolWorld
{
    private const long ShortRetention = 2000;

    private readonly Dictionary<long, PoolSpec> _specsOfRanges = [];

    /// <summary>
    /// Whether the nodes can load the code of every build. Otherwise all programs are of one build, which runs while one is connected.
    /// </summary>
    public bool RunsEveryBuild => Plan.Variant % 5 != 3;

    /// <summary>The options of a program.</summary>
    private PoolSpec CreateSpec(int place)
    {
        var isNew = RunsEveryBuild && (place == 1 || Plan.Variant % 7 == 0);
        return !_spec.IsDurable ? _spec : _spec with
        {
            Bundle = isNew ? PoolBuilds.New : PoolBuilds.Old,
            DropsOutcomes = place == 0 && Plan.Variant % 6 == 4,
            ResultRetentionMilliseconds = place == 0 && Plan.Variant % 6 == 5 ? ShortRetention : 0,
        };
    }

    /// <summary>Checks that a record forgets only outcomes that a client has acknowledged or nobody retains.</summary>
    public void CheckForgotten(PoolRecord record)
    {
        foreach (var job in record.Forgotten)
        {
            Require(
                _forgotten.Contains(job) || IsUnretained(job) || (DropsOutcome(job) && record.Ended.Any(outcome => outcome.Id == job)),
                Invariant.Retained, $"The outcome of job {job} is forgotten, and nobody has acknowledged it.");
        }
    }

    /// <summary>Whether the job has ended, and its program reads no results or its retention time has passed.</summary>
    public bool IsUnretained(JobId job) => Store.FindEnd(job) is { } end
        && (DropsOutcome(job)
            || (FindSpec(job) is { ResultRetentionMilliseconds: > 0 and var time } && Now.TotalMilliseconds >= end + time));

    private bool DropsOutcome(JobId job) => FindSpec(job) is { DropsOutcomes: true };

    private PoolSpec? FindSpec(JobId job) => _specsOfRanges.GetValueOrDefault(SessionRange.GetRange(job));

    /// <summary>The handle of a submission belongs to a job that the pool has accepted now or before, or its key to another call.</summary>
    private void CheckSameCall(JobId job, SubmittedJob submitted) => Require(
        IsSameCall(job, submitted), Invariant.OneKey, $"Job {job} was accepted for a call with other arguments.");

    /// <summary>A submission was refused, because its key belongs to another call.</summary>
    public void OnConflict(ClientPlace place, JobId job, SubmittedJob submitted, JobId existing)
    {
        Require(!IsSameCall(existing, submitted), Invariant.OneKey, $"The key of job {job} was refused for the same call.");
        place.Unconfirmed.Remove(submitted);
        _history.RecordEnd(job.Value, "Conflict");
        CheckHistory();
    }

    private bool IsSameCall(JobId job, SubmittedJob submitted) =>
        _jobs[job].Arguments.Span.SequenceEqual(submitted.Arguments.Span);

    /// <summary>A program has left. The pool has accepted all its jobs.</summary>
    public void CheckLeft(JobId job, SubmittedJob? submitted) => Require(
        Store.HasAccepted(job) || IsClosedByName || (submitted?.Policy.Key is { } key && Store.HasKey(key)),
        Invariant.AcceptedStays, $"Job {job} of a program that has left was not accepted.");

    /// <summary>
    /// A closed local pool runs its jobs only while a program is connected, so a user starts one.
    /// </summary>
    private void StartMissingProgram()
    {
        if (!RunsEveryBuild && Store.Pending.Any() && Clients.All(client => client.HasEnded))
            StartClient(_places[0]);
    }
}
