using System.Collections.Concurrent;
using Actors.Coordinator.Objects;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Testing;

/// <summary>A process that calls managed objects in memory.</summary>
internal interface IObjectCaller
{
    /// <summary>The node of the process; null for the program of the test.</summary>
    SimulatedNode? Node { get; }

    /// <summary>The identity of the node when the process was started: the node gets another one when it joins again.</summary>
    NodeId? NodeId { get; }

    /// <summary>Whether the process has ended.</summary>
    bool HasEnded { get; }

    /// <summary>Receives a reply.</summary>
    void Receive(ObjectReply reply);

    /// <summary>Ends the calls of the process: the objects are lost.</summary>
    void OnHostLost();
}

/// <summary>
/// Managed objects in memory. The decisions are those of the real state classes (<see cref="ObjectStates"/>). Thread-safe.
/// </summary>
/// <param name="owner">The name of the coordinator.</param>
/// <param name="clock">The clock of timeouts.</param>
internal sealed class ObjectHost(string owner, TimeProvider clock)
{
    private readonly Lock _access = new();
    private readonly Dictionary<ObjectId, HostedObject> _objects = [];
    private readonly long _startedAt = clock.GetTimestamp();
    private bool _isStopped;

    /// <summary>The name of the coordinator.</summary>
    public string Owner => owner;

    /// <summary>The published objects by name.</summary>
    public ConcurrentDictionary<string, ObjectProtocol.NamedObjectReply> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the objects are lost.</summary>
    public bool IsStopped
    {
        get
        {
            lock (_access)
                return _isStopped;
        }
    }

    private TimeSpan Now => clock.GetElapsedTime(_startedAt);

    /// <summary>Creates an object.</summary>
    /// <exception cref="ArgumentException">The arguments of its kind are out of range.</exception>
    public void CreateObject(ObjectProtocol.CreateManagedObject create)
    {
        lock (_access)
        {
            _objects.Add(create.Object, new HostedObject(
                ObjectStates.CreateState(create) ?? throw new ArgumentException($"The {create.Kind} cannot be created.", nameof(create))));
        }
    }

    /// <summary>Removes an object. Its waiting calls end.</summary>
    public void RemoveObject(ObjectId id)
    {
        lock (_access)
        {
            if (_objects.Remove(id, out var hosted))
                Update(hosted, answers => hosted.State.EndAllCalls(answers));
        }
    }

    /// <summary>Handles a call.</summary>
    public void HandleCall(IObjectCaller from, ObjectCall call)
    {
        lock (_access)
        {
            // The removal of the process may have overtaken the call.
            if (from.HasEnded)
                return;
            if (_objects.TryGetValue(call.Object, out var hosted))
                Update(hosted, answers => hosted.State.HandleCall(hosted.GetCaller(from), call, Now, answers));
            else if (call.Call != 0)
                from.Receive(ObjectReply.WithStatus(call.Call, ObjectStatus.NoSuchObject));
        }
    }

    /// <summary>Confirms that a process has received a reply.</summary>
    public void ConfirmReceipt(IObjectCaller from, ObjectId id, long call)
    {
        lock (_access)
        {
            if (_objects.TryGetValue(id, out var hosted))
                hosted.State.ConfirmReceipt(hosted.GetCaller(from), call);
        }
    }

    /// <summary>Abandons a call.</summary>
    public void AbandonCall(IObjectCaller from, ObjectId id, long call)
    {
        lock (_access)
        {
            if (_objects.TryGetValue(id, out var hosted))
                Update(hosted, answers => hosted.State.AbandonCall(hosted.GetCaller(from), call, Now, answers));
        }
    }

    /// <summary>Removes processes that have ended: their holds are released, and unconfirmed items are delivered again.</summary>
    public void RemoveCallers(Func<IObjectCaller, bool> isDead)
    {
        lock (_access)
        {
            foreach (var hosted in _objects.Values)
            {
                foreach (var dead in hosted.Callers.Where(isDead).ToList())
                    Update(hosted, answers => hosted.RemoveCaller(dead, Now, answers));
            }
        }
    }

    /// <summary>Loses all objects.</summary>
    public void Stop()
    {
        lock (_access)
        {
            _isStopped = true;
            var callers = _objects.Values.SelectMany(hosted => hosted.Callers).Distinct().ToList();
            _objects.Clear();
            callers.ForEach(caller => caller.OnHostLost());
        }
    }

    private void Update(HostedObject hosted, Action<List<ObjectAnswer>> command)
    {
        var answers = new List<ObjectAnswer>();
        command(answers);
        foreach (var answer in answers)
            hosted.FindProcess(answer.Caller)?.Receive(answer.Reply);
        if (hosted.State.NextDeadline is not { } deadline || deadline >= hosted.TimerAt)
            return;
        hosted.TimerAt = deadline;
        var wait = deadline - Now;
        hosted.Timer?.Dispose();
        hosted.Timer = clock.CreateTimer(
            _ => OnDeadline(hosted), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void OnDeadline(HostedObject hosted)
    {
        lock (_access)
        {
            hosted.TimerAt = TimeSpan.MaxValue;
            Update(hosted, answers => hosted.State.ExpireCalls(Now, answers));
        }
    }

    private sealed class HostedObject(IManagedObjectState state)
    {
        private readonly Dictionary<IObjectCaller, Caller> _callers = [];
        private int _lastCaller;

        public IManagedObjectState State => state;

        public TimeSpan TimerAt { get; set; } = TimeSpan.MaxValue;

        public ITimer? Timer { get; set; }

        public IEnumerable<IObjectCaller> Callers => _callers.Keys;

        public Caller GetCaller(IObjectCaller from)
        {
            if (!_callers.TryGetValue(from, out var caller))
                caller = _callers[from] = new Caller(++_lastCaller);
            return caller;
        }

        public IObjectCaller? FindProcess(Caller caller) => _callers.FirstOrDefault(known => known.Value == caller).Key;

        public void RemoveCaller(IObjectCaller dead, TimeSpan now, List<ObjectAnswer> answers)
        {
            if (_callers.Remove(dead, out var caller))
                state.RemoveCaller(caller, now, answers);
        }
    }
}
