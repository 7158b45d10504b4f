using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>
/// Checks that a durable pool retains an outcome until each connected client that waits for it has acknowledged it. Knows only the messages
/// of the clients and the written records.
/// </summary>
internal sealed class OutcomeHolders(PoolWorld world)
{
    private readonly Dictionary<JobId, HashSet<SimulatedPart>> _waiting = [];

    /// <summary>The clients that still waited for an outcome when another one had acknowledged it.</summary>
    private readonly Dictionary<JobId, HashSet<SimulatedPart>> _needed = [];

    /// <summary>The outcomes that a client has acknowledged while nobody else waited for them.</summary>
    private readonly HashSet<JobId> _released = [];
    private readonly HashSet<JobId> _submitted = [];

    public void OnMessage(object message, SimulatedPart client)
    {
        switch (message)
        {
            case PoolProtocol.SubmitJobs submit:
                // A repeated submission is no new interest.
                foreach (var job in submit.Jobs.Where(job => _submitted.Add(job.Id)))
                    AddHolder(job.Id, client);
                break;
            case PoolProtocol.AttachToJobs attach:
                foreach (var job in attach.Jobs)
                    AddHolder(job, client);
                break;
            case PoolProtocol.ForgetOutcomes forget:
                foreach (var job in forget.Jobs)
                    AcknowledgeOutcome(job, client);
                break;
        }
    }

    /// <summary>A client has disconnected.</summary>
    public void RemoveClient(SimulatedPart client)
    {
        foreach (var clients in _waiting.Values.Concat(_needed.Values))
            clients.Remove(client);
    }

    /// <summary>Checks a record before it is written.</summary>
    public void CheckForgotten(PoolRecord record)
    {
        world.CheckForgotten(record);
        foreach (var job in record.Forgotten)
        {
            world.Require(
                !_needed.TryGetValue(job, out var clients) || clients.Count == 0 || world.IsDeletedByTool(job) || world.IsUnretained(job),
                Invariant.Retained, $"The outcome of job {job} is forgotten, and a client that waits for it has not acknowledged it.");
        }
    }

    private void AddHolder(JobId job, SimulatedPart client)
    {
        if (_released.Contains(job) || world.Store.HasForgotten(job))
            return;
        if (!_waiting.TryGetValue(job, out var clients))
            _waiting[job] = clients = [];
        clients.Add(client);
    }

    private void AcknowledgeOutcome(JobId job, SimulatedPart client)
    {
        var clients = _waiting.GetValueOrDefault(job, []);
        clients.Remove(client);
        _needed[job] = [.. clients];
        if (clients.Count == 0)
            _released.Add(job);
    }
}
