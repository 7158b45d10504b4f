using System.Collections.Immutable;
using Actors.Checkers;
using Actors.Messages.Objects;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Objects;

/// <summary>A program that calls managed objects. It has at most one call of each kind under way.</summary>
internal sealed class ObjectUser
{
    private const int Kinds = 7;

    private readonly ObjectWorld _world;
    private readonly HashSet<int> _busy = [];
    private ObjectSession _session;
    private long? _token;
    private long? _permit;
    private long _lastItem;
    private bool _isBroken;

    public ObjectUser(ObjectWorld world, int number)
    {
        _world = world;
        Host = world.CreateHost($"user{number}");
        _session = new ObjectSession(world, Host, Reconnect);
    }

    public SimulatedHost Host { get; }

    public bool IsConnected => !_session.IsStopped;

    public bool IsIdle => _session.Pending == 0 && _token is null && _permit is null;

    /// <summary>Calls an object, unless a call of that kind is under way.</summary>
    public void CallObject(int argument)
    {
        var kind = argument % Kinds;
        if (_session.IsStopped || !_busy.Add(kind))
            return;
        var choice = argument / Kinds;
        switch (kind)
        {
            case 0: AcquireOrRelease(choice); break;
            case 1: TakeOrReturnPermit(choice); break;
            case 2: PutItem(choice); break;
            case 3: GetItem(300 * (choice % 4), static _ => { }); break;
            case 4: CallValue(choice); break;
            case 5: CallDictionary(choice); break;
            default: WaitAtBarrier(); break;
        }
    }

    public void AbandonCall(int argument)
    {
        if (!_session.IsStopped)
            _session.AbandonCall(argument);
    }

    public void Crash()
    {
        _world.KillHost(Host);
        _session.EndCalls();
    }

    /// <summary>Releases all that the program holds.</summary>
    public void ReleaseAll()
    {
        if (!IsConnected)
            return;
        if (_token is not null && !_busy.Contains(0))
            CallObject(0);
        if (_permit is not null && !_busy.Contains(1))
            CallObject(1);
    }

    /// <summary>Takes an item.</summary>
    /// <param name="timeout">The timeout in milliseconds.</param>
    /// <param name="onReply">Receives the reply; null if the outcome is unknown.</param>
    public void GetItem(long timeout, Action<ObjectReply?> onReply)
    {
        var (session, get) = (_session, _world.Items.RecordGet());
        Call(3, _world.Queue, ObjectOperation.Get, timeout, 1, [], reply =>
        {
            _world.OnItemReply(session, get, reply);
            onReply(reply);
        });
    }

    private void Reconnect()
    {
        _busy.Clear();
        (_token, _permit) = (null, null);
        _world.Schedule(TimeSpan.FromMilliseconds(100), null, () =>
        {
            if (Host.IsAlive)
                _session = new ObjectSession(_world, Host, Reconnect);
        });
    }

    private void Call(
        int kind, SimulatedObject target, ObjectOperation operation, long timeout, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, Action<ObjectReply?> onReply)
    {
        var session = _session;
        session.SendCall(target, operation, timeout, number, payloads, reply =>
        {
            if (session == _session)
                _busy.Remove(kind);
            onReply(reply);
            if (_world.IsHealing && session == _session)
                ReleaseAll();
        });
    }

    private static long TimeoutOf(int choice) => (choice % 3) switch { 0 => -1, 1 => 0, _ => 400 };

    private void AcquireOrRelease(int choice)
    {
        var session = _session;
        if (_token is { } token)
        {
            _token = null;
            _world.Locks.RecordRelease(session.Number);
            Call(0, _world.Lock, ObjectOperation.Release, 0, token, [], static _ => { });
            return;
        }

        Call(0, _world.Lock, ObjectOperation.Acquire, TimeoutOf(choice), 0, [], reply =>
        {
            if (reply is not { Status: ObjectStatus.Ok or ObjectStatus.OkAbandoned })
                return;
            _token = reply.Number;
            _world.OnLockAcquired(session, reply.Number);
        });
    }

    private void TakeOrReturnPermit(int choice)
    {
        var session = _session;
        if (_permit is { } permit)
        {
            _permit = null;
            _world.Permits.RecordRelease(session.Number);
            Call(1, _world.Semaphore, ObjectOperation.SemaphoreReturn, 0, permit, [], static _ => { });
            return;
        }

        Call(1, _world.Semaphore, ObjectOperation.SemaphoreAcquire, TimeoutOf(choice), 0, [], reply =>
        {
            if (reply is not { Status: ObjectStatus.Ok })
                return;
            _permit = reply.Number;
            _world.OnPermitAcquired(session);
        });
    }

    private void PutItem(int choice)
    {
        var item = new QueueHistoryItem(_session.Number, ++_lastItem);
        _world.Items.RecordPut(item);
        Call(2, _world.Queue, ObjectOperation.Put, TimeoutOf(choice), 0, [ObjectWorld.Encode(item.Producer * 1000 + item.Number)], reply =>
        {
            if (reply is { Status: ObjectStatus.Ok })
                _world.Items.RecordAcknowledgment(item);
        });
    }

    private void CallValue(int choice)
    {
        var value = (long)(choice / 3 % 5);
        var input = (choice % 3) switch
        {
            0 => new ValueInput(ValueAction.Read),
            1 => new ValueInput(ValueAction.Write, value),
            _ => new ValueInput(ValueAction.Replace, value, choice / 15 % 5),
        };
        var (operation, payloads) = input.Action switch
        {
            ValueAction.Read => (ObjectOperation.GetValue, ImmutableArray<ReadOnlyMemory<byte>>.Empty),
            ValueAction.Write => (ObjectOperation.SetValue, [ObjectWorld.Encode(value)]),
            _ => (ObjectOperation.ReplaceValue, [ObjectWorld.Encode(input.Expected!.Value), ObjectWorld.Encode(value)]),
        };
        var call = _world.Values.BeginOperation(Host.Number, input);
        Call(4, _world.Value, operation, 0, 0, payloads, reply => _world.OnValueReply(call, input, reply));
    }

    private void CallDictionary(int choice)
    {
        var key = choice / 4 % 2;
        var value = (long)(choice / 8 % 5);
        var (action, operation) = (choice % 4) switch
        {
            0 => (ValueAction.Read, ObjectOperation.DictionaryGet),
            1 => (ValueAction.Write, ObjectOperation.DictionarySet),
            2 => (ValueAction.Add, ObjectOperation.DictionaryAdd),
            _ => (ValueAction.Remove, ObjectOperation.DictionaryRemove),
        };
        var input = new ValueInput(action, value, Key: $"{key}");
        var call = _world.Entries.BeginOperation(Host.Number, input);
        ImmutableArray<ReadOnlyMemory<byte>> payloads = action is ValueAction.Write or ValueAction.Add
            ? [ObjectWorld.Encode(key), ObjectWorld.Encode(value)]
            : [ObjectWorld.Encode(key)];
        Call(5, _world.Dictionary, operation, 0, 0, payloads, reply => _world.OnEntryReply(call, input, reply));
    }

    private void WaitAtBarrier()
    {
        if (_isBroken)
        {
            _isBroken = false;
            Call(6, _world.Barrier, ObjectOperation.BarrierReset, 0, 0, [], static _ => { });
            return;
        }

        var party = _session.Number;
        _world.Rounds.RecordArrival(party);
        Call(6, _world.Barrier, ObjectOperation.BarrierWait, 800, 0, [], reply =>
        {
            if (reply is { Status: ObjectStatus.Ok })
                _world.Rounds.RecordPass(party, reply.Number);
            else if (reply is not null)
                _world.Rounds.RecordFailure(party);
            _isBroken = reply is { Status: ObjectStatus.Broken };
        });
    }
}
