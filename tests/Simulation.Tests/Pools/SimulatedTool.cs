using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>
/// Closes a durable pool by its name and cancels its jobs, without opening it. Repeats each request until it is answered.
/// </summary>
internal sealed class SimulatedTool : SimulatedPart
{
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromSeconds(1);

    private readonly PoolWorld _world;
    private readonly Queue<IWireMessage> _requests = [];
    private int _answered;

    public SimulatedTool(PoolWorld world)
        : base(world, world.CreateHost("tool")) => _world = world;

    private static PoolId Pool => PoolId.FromName(PoolWorld.PoolName);

    public void ClosePool(bool cancelsJobs) => Request(new PoolProtocol.CloseDurablePool(Pool, cancelsJobs));

    public void CancelJob(JobId job) => Request(new PoolProtocol.ChangeJobs(Pool, PoolProtocol.JobChange.Cancel, [job]));

    /// <summary>Runs a failed job again.</summary>
    public void RetryJob(JobId job) => Request(new PoolProtocol.ChangeJobs(Pool, PoolProtocol.JobChange.Retry, [job]));

    /// <summary>Deletes the outcome of a job.</summary>
    public void DeleteJob(JobId job) => Request(new PoolProtocol.ChangeJobs(Pool, PoolProtocol.JobChange.Delete, [job]));

    public override void Receive(object message, SimulatedPart sender)
    {
        if (!_requests.TryPeek(out var request) || !IsAnswer(message, request))
            return;
        if (request is PoolProtocol.ChangeJobs change && message is PoolProtocol.JobsChanged changed)
            CheckWritten(change, changed);
        if (request is PoolProtocol.CloseDurablePool { CancelsJobs: true } && message is PoolProtocol.DurablePoolClosed { Exists: true })
            CheckAllCanceled();
        _requests.Dequeue();
        _answered++;
        SendNext();
    }

    private static bool IsAnswer(object message, IWireMessage request) => request is PoolProtocol.CloseDurablePool
        ? message is PoolProtocol.DurablePoolClosed
        : message is PoolProtocol.JobsChanged;

    /// <summary>A change is answered when it is written. A late answer may be that to an earlier request.</summary>
    private void CheckWritten(PoolProtocol.ChangeJobs change, PoolProtocol.JobsChanged changed)
    {
        foreach (var job in changed.Jobs.Intersect(change.Jobs))
        {
            var isWritten = change.Change switch
            {
                PoolProtocol.JobChange.Retry => _world.Store.HasRetried(job) || _world.Store.HasForgotten(job),
                PoolProtocol.JobChange.Delete => _world.Store.HasForgotten(job) || _world.Store.HasRetried(job),
                _ => _world.Store.HasCanceled(job) || _world.Store.HasEnded(job) || _world.Store.HasForgotten(job),
            };
            _world.Require(isWritten, Invariant.Managed, $"The {change.Change} of job {job} was confirmed before it was written.");
        }
    }

    private void CheckAllCanceled()
    {
        foreach (var job in _world.Store.Pending)
        {
            _world.Require(
                _world.Store.HasCanceled(job) || _world.Store.HasRetried(job),
                Invariant.Managed, $"The closing of the pool was confirmed before the cancellation of job {job} was written.");
        }
    }

    private void Request(IWireMessage request)
    {
        _requests.Enqueue(request);
        if (_requests.Count == 1)
            SendNext();
    }

    private void SendNext()
    {
        if (!_requests.TryPeek(out var request))
            return;
        if (_world.FindOwner() is { } owner)
            Send(owner, request);
        var answered = _answered;
        RunAfter(RepeatInterval, () =>
        {
            if (answered == _answered)
                SendNext();
        });
    }
}
