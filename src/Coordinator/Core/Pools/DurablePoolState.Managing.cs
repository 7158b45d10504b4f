using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>Lists and changes jobs for clients that have not opened the pool.</summary>
public sealed partial class DurablePoolState
{
    private const int MaxListedJobs = 1000;

    /// <summary>The number of delayed requests. A client whose request is dropped repeats it.</summary>
    private const int MaxEarlyRequests = 1000;

    /// <summary>The most jobs of a delayed request. The tool sends some hundreds.</summary>
    private const int MaxEarlyJobs = 10_000;

    private readonly List<(object Request, IRecipient Client)> _earlyRequests = [];

    /// <summary>The failed jobs that run again when that is written. Their outcomes are not forgotten meanwhile.</summary>
    private readonly HashSet<JobId> _retrying = [];

    private readonly RetriedJobs _retried = new();

    /// <summary>Delays a request until the pool is read. A client of a pool that stops or is deleted repeats its request.</summary>
    private void ManageWhenRead(object request, IRecipient client)
    {
        if (_lifecycle.IsBeginning && _earlyRequests.Count < MaxEarlyRequests && IsSmall(request))
            _earlyRequests.Add((request, client));
        else if (_lifecycle.IsRunning || _lifecycle.IsEmpty)
            ManagePool(request, client);
    }

    private void ManagePool(object request, IRecipient client)
    {
        switch (request)
        {
            case PoolProtocol.CloseDurablePool close: ClosePool(close, client); break;
            case PoolProtocol.ListJobs list: ListJobs(list, client); break;
            case PoolProtocol.ChangeJobs change: ChangeJobs(change, client); break;
        }
    }

    private static bool IsSmall(object request) => request is not PoolProtocol.ChangeJobs { Jobs.Length: > MaxEarlyJobs };

    private void HandleEarlyRequests()
    {
        (object Request, IRecipient Client)[] requests = [.. _earlyRequests];
        _earlyRequests.Clear();
        foreach (var (request, client) in requests)
            ManageWhenRead(request, client);
    }

    private void ListJobs(PoolProtocol.ListJobs list, IRecipient client)
    {
        var jobs = Ledger.ListJobs(list.After, Math.Clamp(list.Count, 1, MaxListedJobs))
            .Select(job => _assignments.IsWaiting(job.Id) ? job with { WaitsForBuild = true } : job).ToImmutableArray();
        client.Send(new PoolProtocol.JobsListed(_id, _lifecycle.IsRunning, jobs));
    }

    private void ChangeJobs(PoolProtocol.ChangeJobs change, IRecipient client)
    {
        if (_lifecycle.IsEmpty)
        {
            client.Send(new PoolProtocol.JobsChanged(_id, Exists: false, []));
            return;
        }

        var changed = change.Change switch
        {
            PoolProtocol.JobChange.Retry => RetryJobs(change.Jobs),
            PoolProtocol.JobChange.Delete => DeleteJobs(change.Jobs),
            _ => CancelPending(change.Jobs),
        };
        WhenWritten(() => client.Send(new PoolProtocol.JobsChanged(_id, Exists: true, changed)));
    }

    private ImmutableArray<JobId> CancelPending(ImmutableArray<JobId> jobs)
    {
        var unfinished = jobs.RemoveAll(job => !Ledger.IsUnfinished(job));
        CancelForTool(unfinished);
        return unfinished;
    }

    /// <summary>
    /// Cancels jobs for a tool, which may end as soon as it is answered. So this is written also while a build still runs the jobs.
    /// </summary>
    private void CancelForTool(ImmutableArray<JobId> jobs)
    {
        foreach (var part in jobs.IsEmpty ? [] : WireLimits.SplitIntoBatches(jobs, static _ => sizeof(long)))
            _journal.NextBatch.AddCanceled(part);
        CancelJobs(jobs);
    }

    /// <summary>Ends the canceled jobs that no build runs any more.</summary>
    private void EndCanceledJobs() => CancelJobs([.. Ledger.Canceled]);

    private ImmutableArray<JobId> DeleteJobs(ImmutableArray<JobId> jobs)
    {
        var retained = jobs.RemoveAll(job => FindOutcome(job) is null || _retrying.Contains(job));
        _shared.RemoveJobs(retained);
        ForgetWhenWritten(retained);
        WhenWritten(() => DeleteIfSettled());
        return retained;
    }

    private ImmutableArray<JobId> RetryJobs(ImmutableArray<JobId> jobs)
    {
        var failed = jobs.Distinct().Where(job => Ledger.FindFailed(job) is not null).ToImmutableArray();
        if (failed.IsEmpty)
            return failed;
        _journal.NextBatch.AddRetried(failed);
        _retrying.UnionWith(failed);
        _retried.AddJobs(failed);
        _shared.RestartJobs(failed);
        WhenWritten(() =>
        {
            _retrying.ExceptWith(failed);
            // Until now the pool had no pending job, so it may have ended.
            _lifecycle.Resume();
            foreach (var build in failed.Where(Ledger.IsPending).GroupBy(Ledger.GetBundle).ToList())
                RunJobs(build.Key, [.. build.Select(Ledger.FindPending)]);
        });
        return failed;
    }
}
