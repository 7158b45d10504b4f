using Actors.Messages;
using Actors.Messages.Chaos;
using Actors.Remoting.Access;
using Actors.Remoting.Chaos;
using Akka.Actor;

namespace Actors.WorkerNode.Chaos;

/// <summary>
/// Injects faults into this node and its workers, or refuses them if the program does not permit chaos. The session with the coordinator
/// has checked the sender.
/// </summary>
public sealed class NodeFaultsActor : PeerActor
{
    private readonly ProgramFaults _faults;
    private readonly SortedSet<int> _workers = [];

    /// <param name="name">The name of the node.</param>
    public NodeFaultsActor(string name)
    {
        _faults = new ProgramFaults(
            ChaosSetup.FindSetup(Context.System), Context.System.Scheduler.Advanced, $"node {name}", hasStore: false);
        Receive<FaultRequested>(requested => requested.Sender.Tell(CreateReply(requested.Inject), requested.Session));
        Receive<WorkerProcessChanged>(UpdateWorkers);
    }

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(WorkerProcessChanged));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>Requests arrive from the sessions of this node.</summary>
    protected override bool IsAllowed(IWireMessage message) => false;

    private void UpdateWorkers(WorkerProcessChanged changed)
    {
        if (changed.IsRunning)
            _workers.Add(changed.ProcessId);
        else
            _workers.Remove(changed.ProcessId);
    }

    private ChaosProtocol.IFaultReply CreateReply(ChaosProtocol.InjectFault inject)
    {
        var fault = inject.Fault;
        if (_faults.FindRefusal(fault) is { } refusal)
            return new ChaosProtocol.FaultRefused(inject.Number, refusal);
        if (fault.Kind is not (ChaosFaultKind.KillWorker or ChaosFaultKind.PauseWorker))
            return new ChaosProtocol.FaultInjected(inject.Number, _faults.InjectFault(fault));
        if (_workers.Count == 0)
            return new ChaosProtocol.FaultRefused(inject.Number, "The node has no workers at the moment: no pool uses it.");
        var worker = _workers.ElementAt((int)((ulong)fault.Choice % (ulong)_workers.Count));
        SignalWorker(fault, worker);
        return new ChaosProtocol.FaultInjected(inject.Number, $"worker process {worker}");
    }

    private static void SignalWorker(ChaosFault fault, int worker)
    {
        if (fault.Kind == ChaosFaultKind.KillWorker)
        {
            ChaosSignals.Kill(worker);
            return;
        }

        ChaosSignals.Stop(worker);
        Context.System.Scheduler.Advanced.ScheduleOnce(fault.Milliseconds, () => ChaosSignals.Continue(worker));
    }

    /// <summary>A coordinator has requested a fault.</summary>
    /// <param name="Inject">The request.</param>
    /// <param name="Sender">The actor that receives the reply.</param>
    /// <param name="Session">The session that the request arrived in. The reply comes from it.</param>
    public sealed record FaultRequested(ChaosProtocol.InjectFault Inject, IActorRef Sender, IActorRef Session);
}

/// <summary>Published on the event stream: the process of a worker has started or ended.</summary>
/// <param name="ProcessId">The process id.</param>
/// <param name="IsRunning">Whether it has started.</param>
public sealed record WorkerProcessChanged(int ProcessId, bool IsRunning);
