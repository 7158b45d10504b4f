using Actors.Messages;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Several coordinators: they crash, pause and are cut off, and a durable pool moves to another one.</summary>
internal sealed partial class PoolWorld
{
    private static readonly TimeSpan RestartTime = TimeSpan.FromSeconds(1);

    private SimulatedPart? _durable;
    private int _owner;

    public SimulatedStore Store { get; }

    /// <summary>The part at which a durable pool is opened; null while no coordinator owns it.</summary>
    public SimulatedPart? FindOwner()
    {
        var owner = _coordinators[_owner];
        if (!owner.Host.IsAlive || owner.Host.PausedUntil > Now)
            return null;
        if (_durable is null || _durable.IsStopped || _durable.Host != owner.Host)
            _durable = Parts.CreateDurablePool(owner, Store);
        return _durable;
    }

    private void CarryOutDurable(PlannedStep step)
    {
        if (!_spec.IsDurable)
            return;
        switch (step.Kind)
        {
            case StepKind.CrashClient: CrashClient(step.Argument); break;
            case StepKind.LeaveClient: LeaveClient(step.Argument); break;
            case StepKind.Attach: AttachToAnother(step.Argument); break;
            case StepKind.RepeatKey: RepeatKey(step.Argument); break;
            case StepKind.RetryJob: RetryByTool(step.Argument); break;
            case StepKind.DeleteJob: DeleteByTool(step.Argument); break;
            case StepKind.CloseByName: CloseByName(cancelsJobs: step.Argument % 2 == 0); break;
            case StepKind.FailWrite:
                // The record of a lost attempt may be the one that fails.
                _clientBreaks++;
                Store.FailWrite();
                break;
            case StepKind.PauseCoordinator: RemoveCoordinator(step.Argument, isPaused: true); break;
            case StepKind.IsolateCoordinator: RemoveCoordinator(step.Argument, isPaused: false); break;
        }
    }

    private bool IsHealthy(SimulatedCoordinator coordinator) => coordinator.Host.IsAlive && !_removed.Contains(coordinator);

    private void CrashCoordinator(int index)
    {
        if (_coordinators.Count(IsHealthy) < 2 || !IsHealthy(_coordinators[index]))
            return;
        EndCoordinator(index);
        Schedule(TimeSpan.FromMilliseconds(800), null, () => MoveOwner(index));
    }

    private void EndCoordinator(int index)
    {
        _clientBreaks++;
        var name = _coordinators[index].Host.Name;
        KillHost(_coordinators[index].Host);
        Schedule(RestartTime, null, () =>
        {
            _coordinators[index] = new SimulatedCoordinator(this, $"{name}'");
            foreach (var node in _nodes)
                node.AddCoordinator(_coordinators[index]);
        });
    }

    /// <summary>
    /// A coordinator is silent. The others remove it, and its pools start elsewhere, while it still believes that they are its own. When it
    /// is back, it learns of its removal, and ends.
    /// </summary>
    private void RemoveCoordinator(int argument, bool isPaused)
    {
        var index = argument % 2 == 0 ? _owner : argument / 2 % _coordinators.Count;
        var coordinator = _coordinators[index];
        if (_coordinators.Count(IsHealthy) < 2 || !IsHealthy(coordinator))
            return;
        _clientBreaks++;
        _removed.Add(coordinator);
        var silence = TimeSpan.FromMilliseconds(6000 + argument % 4000);
        if (isPaused)
        {
            coordinator.Host.PausedUntil = Now + silence;
        }
        else
        {
            var others = argument % 3 > 0
                ? Hosts.Where(other => other != coordinator.Host)
                : Clients.Select(client => client.Host);
            foreach (var other in others.ToList())
                Network.AddPartition(coordinator.Host, other, silence, isLossy: true, isOneWay: argument % 5 == 0);
        }

        Schedule(TimeSpan.FromSeconds(3), null, () =>
        {
            foreach (var other in Hosts.Where(other => other != coordinator.Host).ToList())
                Network.BreakConnection(coordinator.Host, other, 500, 500);
        });
        Schedule(TimeSpan.FromSeconds(4), null, () => MoveOwner(index));
        Schedule(silence + TimeSpan.FromMilliseconds(argument % 2000), null, () =>
        {
            if (coordinator.Host.IsAlive)
                EndCoordinator(index);
        });
    }

    private void MoveOwner(int lost)
    {
        if (_owner != lost || !_spec.IsDurable)
            return;
        _owner = _coordinators.FindIndex(IsHealthy);
        FindOwner();
    }
}
