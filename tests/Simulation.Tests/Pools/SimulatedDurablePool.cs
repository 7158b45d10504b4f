using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;
using Actors.Testing;

namespace Actors.Simulation.Tests.Pools;

/// <summary>The real <see cref="DurablePoolState"/> over the simulated store, with the actions of <c>DurablePoolActor</c>.</summary>
internal sealed class SimulatedDurablePool : SimulatedPart, IDurablePoolHost
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ReadTime = TimeSpan.FromMilliseconds(2);

    /// <summary>Another coordinator has written the journal.</summary>
    private static readonly JournalProtocol.JournalFailed Taken = new("cannot be written.", IsOwnedElsewhere: true);

    private readonly PoolWorld _world;
    private readonly SimulatedCoordinator _coordinator;
    private readonly SimulatedStore _store;
    private readonly DurablePoolState _state;
    private readonly OutcomeHolders _holders;
    private long _lastNumber;
    private bool _isDeleting;
    private bool _wasClosed;

    public SimulatedDurablePool(SimulatedCoordinator coordinator, SimulatedStore store)
        : base(coordinator.World, coordinator.Host)
    {
        (_world, _coordinator, _store) = (coordinator.World, coordinator, store);
        var journal = new PoolJournal(OnJournal, new SimulatedClock(_world), _world.SnapshotInterval);
        var id = PoolId.FromName(PoolWorld.PoolName);
        _state = new DurablePoolState(id, journal, this, _world.RunsEveryBuild, new DurableCharge(usage: null));
        _holders = new OutcomeHolders(_world);
        RunAfter(ReadTime, ReadJournal);
    }

    public override void Receive(object message, SimulatedPart sender)
    {
        var recipient = new PartRecipient(this, sender);
        if (message is IWireMessage contract && !_state.IsAllowed(contract, recipient))
            return;
        _holders.OnMessage(message, sender);
        switch (_world.Bug, message)
        {
            case (PlantedBug.AcknowledgeBeforeWrite, PoolProtocol.SubmitJobs submit):
                Send(sender, new PoolProtocol.JobsAccepted(submit.Number));
                break;
            case (PlantedBug.ReportBeforeWrite, PoolProtocol.JobsEnded ended):
                foreach (var client in Clients)
                    Send(client, new PoolProtocol.JobsEnded(ended.Outcomes));
                break;
            case (PlantedBug.IgnoreKeys, PoolProtocol.SubmitJobs submit): message = WithoutKeys(submit); break;
            case (PlantedBug.ForgetAfterFirstAck, PoolProtocol.ForgetOutcomes):
                foreach (var client in Clients.Where(client => client != sender).ToList())
                    _state.ReceiveMessage(message, new PartRecipient(this, client));
                break;
        }

        _state.ReceiveMessage(message is PoolProtocol.OpenPool open ? new PoolOpening(open, Usage: null) : message, recipient);
    }

    /// <summary>Sends a message of the pool, to a client or a build.</summary>
    public override void SendTo(SimulatedPart to, object message)
    {
        _world.Require(
            !_wasClosed || message is not PoolProtocol.PoolOpened { IsClosed: false },
            Invariant.PoolEnds, $"A closed pool was opened as an open one.");
        base.SendTo(to, ApplyBug(to, message));
    }

    private object ApplyBug(SimulatedPart to, object message) => (_world.Bug, message) switch
    {
        (PlantedBug.TellSubmitterOnly, PoolProtocol.JobsEnded ended) => KeepOwn(to, ended),
        (PlantedBug.MoveWithOldFunction, BuildActor.RestoreJobs restore) => new BuildActor.RestoreJobs(
            [.. restore.Jobs.Select(job => job with { Job = job.Job with { Function = _world.FindJob(job.Job.Id).Function } })]),
        _ => message,
    };

    public override void OnDisconnected(SimulatedHost host, TimeSpan brokenAt)
    {
        // A client that has connected again has another address.
        foreach (var link in _state.Links.Where(link => IsLost(PartOf(link.Link.Client), host, brokenAt)).ToList())
            _state.Disconnect(link);
    }

    public override void OnTerminated(SimulatedPart part) => _state.OnLost(new PartRecipient(this, part));

    IRecipient IDurablePoolHost.StartBuild(PoolSpec spec)
    {
        var runs = _world.Bug == PlantedBug.RunInOldBuild ? spec with { Bundle = PoolBuilds.Old } : spec;
        var open = new PoolProtocol.OpenPool(new PoolId(_world.NextGuid()), runs);
        return new PartRecipient(this, new SimulatedBuild(_coordinator, open, this));
    }

    void IDurablePoolHost.StopBuild(IRecipient build) => ((SimulatedBuild)PartOf(build)).StopPool();

    void IDurablePoolHost.WatchClient(IRecipient client) => Watch(PartOf(client));

    void IDurablePoolHost.UnwatchClient(IRecipient client)
    {
        Unwatch(PartOf(client));
        _holders.RemoveClient(PartOf(client));
    }

    void IDurablePoolHost.StartOpenTime() => RunAfter(DurablePoolState.OpenTimeout, _state.OnOpenTimeElapsed);

    void IDurablePoolHost.StartLateTime() => RunAfter(DurablePoolState.LateTime, _state.OnLateTimeElapsed);

    void IDurablePoolHost.UnloadPool() => Stop();

    void IDurablePoolHost.ReloadPool() => Stop();

    void IDurablePoolHost.PublishEvent(DurablePoolEvent change) => _world.Trace($"{change}");

    private IEnumerable<SimulatedPart> Clients => _state.Links.Select(link => PartOf(link.Link.Client));

    private static SimulatedPart PartOf(IRecipient recipient) => ((PartRecipient)recipient).To;

    private static bool IsLost(SimulatedPart client, SimulatedHost host, TimeSpan brokenAt) =>
        client.Host == host && client.Created <= brokenAt;

    private static PoolProtocol.SubmitJobs WithoutKeys(PoolProtocol.SubmitJobs submit) => submit with
    {
        Jobs = [.. submit.Jobs.Select(job => job with { Policy = job.Policy with { Key = null } })],
    };

    private PoolProtocol.JobsEnded KeepOwn(SimulatedPart client, PoolProtocol.JobsEnded ended) =>
        _state.Links.FirstOrDefault(link => PartOf(link.Link.Client) == client) is { } own
            ? ended with { Outcomes = ended.Outcomes.RemoveAll(outcome => SessionRange.GetRange(outcome.Id) != own.Range) }
            : ended;

    private void Tick()
    {
        _state.OnTick(Now, (long)Now.TotalMilliseconds);
        RunAfter(TickInterval, Tick);
    }

    private void ReadJournal()
    {
        (_lastNumber, _wasClosed) = (_store.LastNumber, _store.IsClosed);
        foreach (var record in _store.ReadAll())
            TellState(new JournalProtocol.RecordRead(record));
        TellState(new JournalProtocol.ReadCompleted());
        Tick();
    }

    private void TellState(object message) => _state.ReceiveMessage(message, new PartRecipient(this, this));

    /// <summary>The store and the journal's actor are not the pool's: no state is touched before the answer.</summary>
    private void OnJournal(object message)
    {
        if (message is JournalProtocol.DeleteJournal)
        {
            _isDeleting = true;
            _store.Delete(this, _lastNumber, () => TellState(new JournalProtocol.JournalDeleted()));
        }

        if (_isDeleting)
            return;
        // Between two writes: the snapshot has the state after the last one.
        if (message is JournalProtocol.SaveSnapshot { State: PoolSnapshot snapshot })
            _store.SaveSnapshot(this, _lastNumber, snapshot);
        if (message is not JournalProtocol.WriteRecord { Record: PoolRecord record })
            return;
        _holders.CheckForgotten(record);
        _store.Write(
            this, ++_lastNumber, _world.Bug == PlantedBug.ForgetSessions ? record with { Sessions = [] } : record,
            isWritten =>
            {
                if (!_state.IsUnloaded && !_state.IsInterrupted)
                    TellState(isWritten ? new JournalProtocol.RecordWritten() : Taken);
            });
    }
}
