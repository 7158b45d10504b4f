using System.Collections.Immutable;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>Saves the state to a snapshot, and restores it.</summary>
public sealed partial class PoolLedger
{
    /// <summary>Restores the state from a snapshot.</summary>
    public void RestoreSnapshot(PoolSnapshot snapshot)
    {
        foreach (var spec in snapshot.OtherSpecs.IsDefault ? [] : snapshot.OtherSpecs)
            AddSpec(spec);
        ApplyRecord(new PoolRecord(
            At: 0, snapshot.Spec, snapshot.Pending, snapshot.Begun, snapshot.Lost, Ended: [], Forgotten: [], snapshot.IsClosed,
            snapshot.Sessions, Builds: snapshot.Builds, Canceled: snapshot.Canceled));
        RestoreRetained(snapshot);
        foreach (var key in snapshot.RetainedKeys.IsDefault ? [] : snapshot.RetainedKeys)
            Keys.AddKey(key);
        LastJob = snapshot.LastJob;
        Sessions.ReserveRange(Math.Max(snapshot.NextRange - 1, snapshot.LastJob == default ? -1 : SessionRange.GetRange(snapshot.LastJob)));
    }

    /// <summary>Creates a snapshot of the whole state.</summary>
    public PoolSnapshot ToSnapshot()
    {
        var functions = _retained.All.Select(retained => new StoredFunction(retained.Function, retained.Bundle)).Distinct()
            .ToImmutableArray();
        var positions = functions.Index().ToDictionary(function => function.Item, function => function.Index);
        return new PoolSnapshot(
            Spec ?? throw new InvalidOperationException("A pool that was never opened has nothing to keep."),
            LastJob,
            [.. Pending.Select(entry => entry.Job)],
            [.. _pending.Values.Where(entry => entry.MayHaveBegun).Select(entry => entry.Job.Id)],
            [.. _pending.Values.SelectMany(entry => entry.Losses.Select(loss => new JobLoss(entry.Job.Id, loss)))],
            [.. _retained.All.Select(retained => retained.Outcome)],
            [.. _retained.All.Select(retained => retained.Since)],
            IsClosed,
            [.. Keys.All.Where(key => _retained.Contains(key.Id))],
            [.. Sessions.All.Select(session => session.ToStored())],
            Sessions.NextRange,
            [.. _specs.Values.Where(spec => spec.Bundle != Spec.Bundle && IsUsed(spec.Bundle))],
            [.. _retained.All.Select(retained => retained.Failed).OfType<JobSpec>()],
            functions,
            [.. _retained.All.Select(retained => positions[new StoredFunction(retained.Function, retained.Bundle)])],
            [.. Builds.All.Where(build => build.Bundle == Spec.Bundle || IsUsed(build.Bundle))],
            [.. _canceled],
            [.. _retained.All.Select(retained => retained.RetainedFor)]);
    }

    private void RestoreRetained(PoolSnapshot snapshot)
    {
        var unknown = new StoredFunction("", Spec!.Bundle);
        var failed = (snapshot.Failed.IsDefault ? [] : snapshot.Failed).ToDictionary(job => job.Id);
        for (var i = 0; i < snapshot.Retained.Length; i++)
        {
            var outcome = snapshot.Retained[i];
            var function = snapshot.Functions.IsDefault ? unknown : snapshot.Functions[snapshot.RetainedFunctions[i]];
            var retainedFor = snapshot.RetainedFor.IsDefault ? Spec.ResultRetentionMilliseconds : snapshot.RetainedFor[i];
            _retained.Add(new RetainedJob(
                outcome, snapshot.RetainedSince[i], retainedFor, function.Name, function.Bundle, failed.GetValueOrDefault(outcome.Id)));
        }
    }
}
