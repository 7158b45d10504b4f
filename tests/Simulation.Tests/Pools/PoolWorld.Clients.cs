using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>
/// Programs that share a durable pool: one to three, of two builds. They crash and leave, and their successors attach to their jobs by id
/// or key. Other pools have one program.
/// </summary>
internal sealed partial class PoolWorld
{
    private static readonly TimeSpan ClosePause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SuccessionTime = TimeSpan.FromMilliseconds(300);

    private readonly List<ISimulatedClient> _left = [];
    private readonly List<JobId> _submitted = [];
    private readonly List<JobId> _accepted = [];

    /// <summary>The jobs that a tool has run again, or wants to.</summary>
    private readonly HashSet<JobId> _retried = [];

    /// <summary>The jobs whose outcome a tool has deleted, or wants to.</summary>
    private readonly HashSet<JobId> _deleted = [];
    private SimulatedTool? _tool;

    /// <summary>The number of programs that start soon.</summary>
    private int _successions;

    /// <summary>Whether a user has closed the durable pool by its name.</summary>
    public bool IsClosedByName { get; private set; }

    /// <summary>Whether a tool deletes the outcome, although clients may wait for it.</summary>
    public bool IsDeletedByTool(JobId job) => _deleted.Contains(job);

    private SimulatedTool Tool => _tool ??= new SimulatedTool(this);

    /// <summary>Whether a pool that was closed by name is deleted, unless an outcome is retained.</summary>
    private bool IsStoreSettled => !IsClosedByName || Store.IsEmpty || Store.HasRetained;

    private void StartClients()
    {
        for (var i = 0; i < (_spec.IsDurable ? 1 + Plan.Variant / 4 % 3 : 1); i++)
        {
            var place = new ClientPlace { Spec = CreateSpec(i) };
            _places.Add(place);
            StartClient(place);
        }
    }

    private void StartClient(ClientPlace place)
    {
        place.Client = Parts.CreateClient(this, place);
        place.Client.Start();
    }

    private SubmittedJob CreateJob(ClientPlace place, int behavior)
    {
        var job = JobBehavior.CreateJob(behavior, canUpload: !_spec.IsDurable);
        if (!_spec.IsDurable)
            return job;
        var isNamed = behavior % 4 == 1;
        return job with
        {
            Function = PoolBuilds.FunctionOf(place.Spec.Bundle, isNamed),
            Arguments = BitConverter.GetBytes(behavior),
            Policy = job.Policy with
            {
                Key = behavior % 3 == 0 ? $"key-{_lastNumber}" : null,
                Named = isNamed ? PoolBuilds.Named : null,
            },
        };
    }

    /// <summary>A program crashes. Its successor may be of the new build.</summary>
    private void CrashClient(int argument)
    {
        var place = ChoosePlace(argument);
        if (!CanSucceed(place.Client))
            return;
        place.Client.Crash();
        Succeed(place, argument);
    }

    /// <summary>A program leaves, as in a deployment.</summary>
    private void LeaveClient(int argument)
    {
        var place = ChoosePlace(argument);
        if (!CanSucceed(place.Client) || !place.Client.CanSubmit)
            return;
        place.Client.Leave();
        _left.Add(place.Client);
        Succeed(place, argument);
    }

    private bool CanSucceed(ISimulatedClient client) =>
        client.Host.IsAlive && !client.HasEnded && !_isClosing && !IsClosedByName && !_left.Contains(client);

    private void Succeed(ClientPlace place, int argument)
    {
        _successions++;
        Schedule(SuccessionTime, null, () =>
        {
            _successions--;
            if (argument % 3 == 0 && RunsEveryBuild)
                place.Spec = place.Spec with { Bundle = argument % 2 == 0 ? PoolBuilds.New : PoolBuilds.Old };
            StartClient(place);
        });
    }

    /// <summary>A program has opened the pool. It continues with the jobs of its predecessor.</summary>
    public void OnFirstOpened(ClientPlace place)
    {
        foreach (var (id, job) in place.Accepted.ToList())
        {
            if (job.Policy.Key is not null && id.Value % 2 == 0)
                SubmitAgain(place, job);
            else
                place.Client.AttachJob(id);
        }

        foreach (var job in place.Unconfirmed.ToList())
            SubmitAgain(place, job);
    }

    /// <summary>A program submits a job again with its key, as its build does.</summary>
    private static void SubmitAgain(ClientPlace place, SubmittedJob job)
    {
        if (place.Client.CanSubmit)
            place.Client.SubmitJob(job with { Function = PoolBuilds.FunctionOf(place.Spec.Bundle, job.Policy.RunsNewest) });
    }

    /// <summary>A program waits for a job of any program.</summary>
    private void AttachToAnother(int argument)
    {
        var client = ChoosePlace(argument).Client;
        if (_accepted.Count > 0 && client.CanSubmit)
            client.AttachJob(_accepted[Math.Max(0, _accepted.Count - 1 - argument / 4 % 8)]);
    }

    /// <summary>A program submits a job with a key that another one has submitted, sometimes with other arguments.</summary>
    private void RepeatKey(int argument)
    {
        var keyed = _submitted.Where(job => FindJob(job).Policy.Key is not null).ToList();
        if (keyed.Count == 0)
            return;
        var job = FindJob(keyed[Math.Max(0, keyed.Count - 1 - argument / 4 % 4)]);
        SubmitAgain(ChoosePlace(argument), argument / 32 % 4 == 0 ? job with { Arguments = new byte[] { 1 } } : job);
    }

    private void CloseByName(bool cancelsJobs)
    {
        IsClosedByName = true;
        _withdrawsAll |= cancelsJobs;
        Tool.ClosePool(cancelsJobs);
    }

    /// <summary>
    /// A program that was disconnected may have opened a new pool of this name, and a closed pool that could not be written is not loaded
    /// until a program looks it up. A program that opens an ended pool receives the outcomes, and closes it.
    /// </summary>
    private void CloseUntilEnded()
    {
        CloseByName(cancelsJobs: false);
        Schedule(ClosePause, null, () =>
        {
            foreach (var client in Clients.Where(client => !client.HasEnded).ToList())
                client.ClosePool(cancelPending: false);
            StartMissingProgram();
            if (!Clients.All(client => client.HasEnded) || !IsStoreSettled || Store.Pending.Any())
                CloseUntilEnded();
        });
    }

    /// <summary>A tool runs failed jobs again. A job that never returns would hang again.</summary>
    private void RetryByTool(int argument)
    {
        var failed = Store.Retained.Where(job => !_jobs[job].Behavior.Hangs).ToList();
        if (failed.Count == 0)
            return;
        var job = failed[argument % failed.Count];
        _retried.Add(job);
        Tool.RetryJob(job);
    }

    /// <summary>A tool deletes the outcome of a job.</summary>
    private void DeleteByTool(int argument)
    {
        var ended = Store.Retained.ToList();
        if (ended.Count == 0)
            return;
        var job = ended[argument % ended.Count];
        _forgotten.Add(job);
        _deleted.Add(job);
        Tool.DeleteJob(job);
    }

    private void CancelByTool(JobId job)
    {
        _canceled.Add(job);
        Tool.CancelJob(job);
    }
}
