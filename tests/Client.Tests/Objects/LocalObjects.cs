using Actors.Coordinator.Objects;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;
using Akka.Actor;

namespace Actors.Client.Tests.Objects;

/// <summary>Managed objects in this process, reached as a client reaches them.</summary>
internal sealed class LocalObjects : IAsyncDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("objects", "akka.loglevel = OFF\nakka.stdout-loglevel = OFF");
    private readonly IActorRef _objects;

    /// <param name="grace">How long an object stays that nobody has a proxy of; null is long enough for any test.</param>
    public LocalObjects(TimeSpan? grace = null)
    {
        var wait = grace ?? TimeSpan.FromHours(1);
        _objects = _system.ActorOf(Props.Create(() => new ObjectsActor(null, wait, null)));
        Channel = new ActorObjectChannel(_system, _objects, _objects, "here");
    }

    public ActorObjectChannel Channel { get; }

    public async Task<ManagedQueue<T>> QueueAsync<T>(int capacity = 0) =>
        new(new ObjectProxy(await MakeAsync(ObjectKind.Queue, capacity), Channel));

    public async Task<ManagedLock> LockAsync() => new(new ObjectProxy(await MakeAsync(ObjectKind.Lock, 0), Channel));

    /// <summary>An object and a way to remove it, as the disposal of its manager does.</summary>
    public async Task<(ManagedQueue<int> Queue, Action Remove)> RemovableAsync(int capacity = 0)
    {
        var id = await MakeAsync(ObjectKind.Queue, capacity);
        return (new ManagedQueue<int>(new ObjectProxy(id, Channel)), () => _objects.Tell(new ObjectProtocol.RemoveManagedObject(id)));
    }

    public void StopCoordinator() => _system.Stop(_objects);

    public async ValueTask DisposeAsync() => await _system.Terminate();

    public async Task<ObjectId> MakeAsync(ObjectKind kind, long capacity)
    {
        var id = ObjectId.New();
        await _objects.Ask<ObjectProtocol.ObjectCreated>(new ObjectProtocol.CreateManagedObject(id, kind, capacity, []));
        return id;
    }
}
