using System.Collections.Immutable;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Objects;

/// <summary>A program that calls managed objects. It has at most one call of each kind under way.</summary>
internal sealed partial class ObjectUser
{
    /// <summary>The kinds of calls. A lock needs several for its condition.</summary>
    private static readonly ImmutableArray<int> Kinds = [0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9, 10, 10, 11, 11, 12, 13, 13];

    private readonly ObjectWorld _world;
    private readonly int _number;
    private readonly HashSet<int> _busy = [];
    private ObjectSession _session;

    public ObjectUser(ObjectWorld world, int number)
    {
        (_world, _number) = (world, number);
        Host = world.CreateHost($"user{number}");
        _session = new ObjectSession(world, Host, Reconnect);
    }

    public SimulatedHost Host { get; }

    public bool IsConnected => !_session.IsStopped;

    public bool IsIdle => _session.Pending == 0 && _token is null && _permit is null && _lease is null;

    /// <summary>Calls an object, unless a call of that kind is under way.</summary>
    public void CallObject(int argument)
    {
        var kind = Kinds[argument % Kinds.Length];
        if (_session.IsStopped || !_busy.Add(kind))
            return;
        var choice = argument / Kinds.Length;
        switch (kind)
        {
            case 0: UseLock(choice); break;
            case 1: TakeOrReturnPermit(choice); break;
            case 2: PutItem(choice); break;
            case 3: GetItem(300 * (choice % 4), static _ => { }); break;
            case 4: CallValue(choice); break;
            case 5: CallDictionary(choice); break;
            case 6: WaitAtBarrier(choice); break;
            case 7: CallList(choice); break;
            case 8: CallEvent(choice); break;
            case 9: Put(9, _world.Tasks, _world.TaskItems, choice); break;
            case 10: UseLease(choice); break;
            case 11: UsePipe(choice); break;
            case 12: CallBytes(choice); break;
            default: UseService(choice); break;
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
        if (_token is not null)
            TryCall(0, EndHolding);
        if (_permit is not null)
            TryCall(1, () => TakeOrReturnPermit(0));
        if (_lease is not null)
            TryCall(10, AcknowledgeLease);
    }

    /// <returns>Whether no call of the kind was under way.</returns>
    private bool TryCall(int kind, Action call)
    {
        if (!IsConnected || !_busy.Add(kind))
            return false;
        call();
        return true;
    }

    private void Reconnect()
    {
        _busy.Clear();
        (_token, _permit, _lease, _wakes) = (null, null, null, false);
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

    private void Call<TRequest>(int kind, SimulatedObject target, TRequest request, long timeout, Action<ObjectReply?> onReply)
        where TRequest : struct, IObjectRequest<TRequest>
    {
        var content = TRequest.ToContent(request);
        Call(kind, target, TRequest.Operation, timeout, content.Number, content.Payloads, onReply);
    }

    private static long TimeoutOf(int choice) => (choice % 3) switch { 0 => -1, 1 => 0, _ => 400 };
}
