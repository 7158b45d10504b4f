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

    public LocalObjects()
    {
        _objects = _system.ActorOf(Props.Create(() => new ObjectsActor()));
        Channel = new ActorObjectChannel(_system, _objects, "here");
    }

    public ActorObjectChannel Channel { get; }

    public async Task<ManagedQueue<T>> QueueAsync<T>(int capacity = 0) => new(new ObjectProxy(await MakeAsync(ObjectKind.Queue, capacity), Channel));

    public async Task<ManagedLock> LockAsync() => new(new ObjectProxy(await MakeAsync(ObjectKind.Lock, 0), Channel));

    /// <summary>An object and a way to remove it, as the disposal of its manager does.</summary>
    public async Task<(ManagedQueue<int> Queue, Action Remove)> RemovableAsync(int capacity = 0)
    {
        var id = await MakeAsync(ObjectKind.Queue, capacity);
        return (new ManagedQueue<int>(new ObjectProxy(id, Channel)), () => _objects.Tell(new ObjectProtocol.Remove(id)));
    }

    public void StopCoordinator() => _system.Stop(_objects);

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private async Task<ObjectId> MakeAsync(ObjectKind kind, long capacity)
    {
        var id = ObjectId.New();
        await _objects.Ask<ObjectProtocol.Created>(new ObjectProtocol.Create(id, kind, capacity, []));
        return id;
    }
}
