using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Testing;

/// <summary>
/// A durable pool at a coordinator in memory. The decisions are those of the real <see cref="DurablePoolState"/>; this class carries them
/// out over the simulated network and store, as <c>DurablePoolActor</c> does over the real ones.
/// </summary>
internal sealed class SimulatedDurablePool : IClientPool, IDurablePoolHost
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ReadTime = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan ReloadPause = TimeSpan.FromSeconds(1);

    private readonly SimulatedCluster _cluster;
    private readonly PoolId _id;
    private readonly DurablePoolState _state;
    private readonly Dictionary<IRecipient, TimeSpan> _clients = [];
    private readonly List<SimulatedBuild> _builds = [];
    private long _endedStale;

    public SimulatedDurablePool(SimulatedCluster cluster, SimulatedCoordinator coordinator, PoolId id)
    {
        (_cluster, Coordinator, _id) = (cluster, coordinator, id);
        var journal = new PoolJournal(SendToJournal, cluster.Clock);
        _state = new DurablePoolState(id, journal, this, runsEveryBuild: true, new DurableCharge(usage: null));
        Schedule(ReadTime, ReadJournal);
    }

    /// <inheritdoc/>
    public SimulatedCoordinator Coordinator { get; }

    /// <inheritdoc/>
    public long StaleCompletions => _endedStale + _builds.Sum(build => build.StaleCompletions);

    /// <summary>Whether the pool has ended at this coordinator.</summary>
    public bool IsStopped { get; private set; }

    /// <inheritdoc/>
    public void ReceiveFromClient(PoolConnection client, IWireMessage message)
    {
        var sender = new ClientRecipient(this, client);
        NoteClient(sender);
        if (!IsStopped && _state.IsAllowed(message, sender))
            _state.ReceiveMessage(message is PoolProtocol.OpenPool open ? new PoolOpening(open, Usage: null) : message, sender);
    }

    /// <inheritdoc/>
    public void AnswerHeartbeat(PoolConnection client)
    {
        NoteClient(new ClientRecipient(this, client));
        _cluster.SendToClient(Coordinator, client.OnHeartbeat);
    }

    /// <inheritdoc/>
    public void CheckClients(TimeSpan lease)
    {
        foreach (var client in _clients.Where(client => _cluster.Now - client.Value > lease).Select(client => client.Key).ToList())
            _state.OnLost(client);
    }

    /// <summary>Handles a message of the pool of a build.</summary>
    public void ReceiveFromBuild(SimulatedBuild build, object message)
    {
        if (!IsStopped && _builds.Contains(build))
            _state.ReceiveMessage(message, new BuildRecipient(_cluster, build));
    }

    /// <summary>Handles an answer of the store.</summary>
    public void ReceiveFromJournal(object message)
    {
        if (!_state.IsUnloaded && !_state.IsInterrupted)
            _state.ReceiveMessage(message, JournalRecipient.Instance);
    }

    /// <summary>Ends the pool with its coordinator, or because it is unloaded.</summary>
    public void Stop()
    {
        IsStopped = true;
        _builds.ForEach(build => build.Stop());
    }

    IRecipient IDurablePoolHost.StartBuild(PoolSpec spec)
    {
        var build = new SimulatedBuild(_cluster, this, _cluster.NewPoolId(), spec, _cluster.GetRuns(_id));
        _builds.Add(build);
        Coordinator.AddPool(build);
        return new BuildRecipient(_cluster, build);
    }

    void IDurablePoolHost.StopBuild(IRecipient build) => EndBuild(((BuildRecipient)build).Build);

    void IDurablePoolHost.WatchClient(IRecipient client) => _clients[client] = _cluster.Now;

    void IDurablePoolHost.UnwatchClient(IRecipient client) => _clients.Remove(client);

    void IDurablePoolHost.StartOpenTime() => Schedule(DurablePoolState.OpenTimeout, _state.OnOpenTimeElapsed);

    void IDurablePoolHost.StartLateTime() => Schedule(DurablePoolState.LateTime, _state.OnLateTimeElapsed);

    void IDurablePoolHost.UnloadPool() => Unload();

    void IDurablePoolHost.ReloadPool()
    {
        Unload();
        _cluster.Clock.StartBackgroundTimer(ReloadPause, () =>
        {
            if (!Coordinator.Endpoint.IsDown)
                Coordinator.LoadPool(_id);
        });
    }

    void IDurablePoolHost.PublishEvent(DurablePoolEvent change)
    {
        // Events are for operators.
    }

    private void NoteClient(IRecipient client)
    {
        if (_clients.ContainsKey(client))
            _clients[client] = _cluster.Now;
    }

    private void Unload()
    {
        Stop();
        foreach (var build in _builds.ToList())
            EndBuild(build);
        Coordinator.ForgetPool(_id);
    }

    private void EndBuild(SimulatedBuild build)
    {
        if (!_builds.Remove(build))
            return;
        _endedStale += build.StaleCompletions;
        build.Stop();
        Coordinator.ReleasePool(build.Id);
    }

    private void Schedule(TimeSpan time, Action step) => _cluster.Clock.StartBackgroundTimer(time, () =>
    {
        if (!IsStopped)
            step();
    });

    private void Tick()
    {
        _state.OnTick(_cluster.Now, _cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        Schedule(TickInterval, Tick);
    }

    private void ReadJournal()
    {
        foreach (var record in _cluster.Store.ReadRecords(_id))
            ReceiveFromJournal(new JournalProtocol.RecordRead(record));
        ReceiveFromJournal(new JournalProtocol.ReadCompleted());
        Tick();
    }

    private void SendToJournal(object message)
    {
        switch (message)
        {
            case JournalProtocol.WriteRecord write: _cluster.Store.WriteRecord(_id, write.Record, this); break;
            case JournalProtocol.SaveSnapshot save: _cluster.Store.SaveSnapshot(_id, save.State); break;
            case JournalProtocol.DeleteJournal: _cluster.Store.DeleteJournal(_id, this); break;
        }
    }

    /// <summary>The store as the sender of messages. Nothing is sent to it.</summary>
    private sealed record JournalRecipient : IRecipient
    {
        public static readonly JournalRecipient Instance = new();

        public bool IsLocal => true;

        public void Send(object message) => throw new NotSupportedException("The store receives no messages of the pool's state.");
    }
}
