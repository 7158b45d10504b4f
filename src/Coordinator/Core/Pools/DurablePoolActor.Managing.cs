using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>Lists and changes jobs for clients that have not opened the pool.</summary>
internal sealed partial class DurablePoolActor
{
    private const int MaxListedJobs = 1000;

    /// <summary>The number of delayed requests. A client whose request is dropped repeats it.</summary>
    private const int MaxEarlyRequests = 1000;

    /// <summary>The most jobs of a delayed request. The tool sends some hundreds.</summary>
    private const int MaxEarlyJobs = 10_000;

    private readonly List<(IWireMessage Request, IActorRef Client)> _earlyRequests = [];

    private void ReceiveManagement()
    {
        Receive(ManageWhenRead<PoolProtocol.CloseDurablePool>(ClosePool));
        Receive(ManageWhenRead<PoolProtocol.ListJobs>(ListJobs));
        Receive(ManageWhenRead<PoolProtocol.ChangeJobs>(ChangeJobs));
    }

    /// <summary>Delays a request until the pool is read. A client of a pool that stops or is deleted repeats its request.</summary>
    private Action<T> ManageWhenRead<T>(Action<T> manage)
        where T : IWireMessage => request =>
    {
        if (_phase is Phase.Loading or Phase.Starting && _earlyRequests.Count < MaxEarlyRequests && IsSmall(request))
            _earlyRequests.Add((request, Sender));
        else if (_phase is Phase.Running or Phase.Empty)
            manage(request);
    };

    private static bool IsSmall(IWireMessage request) => request is not PoolProtocol.ChangeJobs { Jobs.Length: > MaxEarlyJobs };

    private void HandleEarlyRequests()
    {
        foreach (var (request, client) in _earlyRequests)
            Self.Tell(request, client);
        _earlyRequests.Clear();
    }

    private void ListJobs(PoolProtocol.ListJobs list)
    {
        var jobs = Ledger.ListJobs(list.After, Math.Clamp(list.Count, 1, MaxListedJobs))
            .Select(job => _assignments.IsWaiting(job.Id) ? job with { WaitsForBuild = true } : job).ToImmutableArray();
        Sender.Tell(new PoolProtocol.JobsListed(_id, _phase == Phase.Running, jobs));
    }

    private void ChangeJobs(PoolProtocol.ChangeJobs change)
    {
        var client = Sender;
        if (_phase == Phase.Empty)
        {
            client.Tell(new PoolProtocol.JobsChanged(_id, Exists: false, []));
            return;
        }

        var changed = change.Change switch
        {
            PoolProtocol.JobChange.Retry => RetryJobs(change.Jobs),
            PoolProtocol.JobChange.Delete => DeleteJobs(change.Jobs),
            _ => CancelPending(change.Jobs),
        };
        WhenWritten(() => client.Tell(new PoolProtocol.JobsChanged(_id, Exists: true, changed)));
    }

    private ImmutableArray<JobId> CancelPending(ImmutableArray<JobId> jobs)
    {
        var pending = jobs.RemoveAll(job => !Ledger.IsPending(job));
        CancelJobs(pending);
        return pending;
    }

    private ImmutableArray<JobId> DeleteJobs(ImmutableArray<JobId> jobs)
    {
        var retained = jobs.RemoveAll(job => FindOutcome(job) is null);
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
        _hasEnded = false;
        _journal.NextBatch.AddRetried(failed);
        WhenWritten(() =>
        {
            foreach (var build in failed.Where(Ledger.IsPending).GroupBy(Ledger.GetBundle).ToList())
                RunJobs(build.Key, [.. build.Select(Ledger.FindPending)]);
        });
        return failed;
    }
}
