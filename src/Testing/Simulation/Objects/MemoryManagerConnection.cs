using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;
using Actors.Runtime;

namespace Actors.Testing;

/// <summary>The connection of a manager to objects in memory.</summary>
/// <param name="transport">Carries the messages.</param>
/// <param name="channel">The connection of the test to the objects.</param>
internal sealed class MemoryManagerConnection(IObjectTransport transport, IObjectChannel channel) : IManagerConnection
{
    private readonly HashSet<ObjectId> _objects = [];

    /// <inheritdoc/>
    public IClientRuntime Runtime => throw CreateRefusal();

    private static NotSupportedException CreateRefusal() => new(
        "A manager of a test pool in memory has no durable objects, shared arrays or objects of user types: these need a real manager. "
        + $"Start one with {nameof(Manager)}.{nameof(Manager.StartAsync)}.");

    /// <inheritdoc/>
    public Task<(ObjectId Id, IObjectChannel Objects)> CreateObjectAsync(
        ObjectKind kind, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (kind == ObjectKind.Service)
            _ = Runtime;
        var host = RequireHost();
        var id = ObjectId.New();
        host.CreateObject(new ObjectProtocol.CreateManagedObject(id, kind, number, payloads));
        _objects.Add(id);
        return Task.FromResult((id, channel));
    }

    /// <inheritdoc/>
    public Task<(T Answer, IObjectChannel Objects)> SendRequestAsync<T>(
        object message, TimeSpan patience, CancellationToken cancellationToken)
    {
        object reply = message switch
        {
            ObjectProtocol.PublishObject publish => Publish(publish),
            ObjectProtocol.FindNamedObject find => FindName(find.Name),
            _ => throw new NotSupportedException($"Objects in memory do not answer {message.GetType().Name}."),
        };
        return Task.FromResult(((T)reply, channel));
    }

    /// <inheritdoc/>
    public void RemoveObject(ObjectId id)
    {
        if (_objects.Remove(id))
            transport.Host?.RemoveObject(id);
    }

    /// <inheritdoc/>
    public void StopMaker()
    {
        foreach (var id in _objects.ToArray())
            RemoveObject(id);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ObjectProtocol.NamedObjectReply Publish(ObjectProtocol.PublishObject publish)
    {
        var names = RequireHost().Names;
        if (publish.Proxy.IsEmpty)
            names.TryRemove(publish.Name, out _);
        else
            names.TryAdd(publish.Name, new ObjectProtocol.NamedObjectReply(publish.Name, publish.Type, publish.Proxy));
        _objects.ExceptWith(publish.Objects);
        return FindName(publish.Name);
    }

    private ObjectProtocol.NamedObjectReply FindName(string name) =>
        RequireHost().Names.GetValueOrDefault(name) ?? new ObjectProtocol.NamedObjectReply(name, "", default);

    private ObjectHost RequireHost() =>
        transport.Host ?? throw new CoordinatorLostException(
            $"The coordinator is down. Try again when it has restarted.\n{transport.FaultDescription}");
}
