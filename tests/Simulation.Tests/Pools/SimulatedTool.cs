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

    public override void Receive(object message, SimulatedPart sender)
    {
        if (!_requests.TryPeek(out var request) || !IsAnswer(message, request))
            return;
        _requests.Dequeue();
        _answered++;
        SendNext();
    }

    private static bool IsAnswer(object message, IWireMessage request) => request is PoolProtocol.CloseDurablePool
        ? message is PoolProtocol.DurablePoolClosed
        : message is PoolProtocol.JobsChanged;

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
