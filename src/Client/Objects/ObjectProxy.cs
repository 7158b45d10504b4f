using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Runtime;

namespace Actors.Objects;

/// <summary>What every proxy of a managed object has: the object's id, and a way to it. Thread-safe.</summary>
internal sealed class ObjectProxy
{
    private readonly IObjectChannel _channel;

    public ObjectProxy(ObjectId id, IObjectChannel channel)
    {
        Id = id;
        _channel = channel;
        ObjectReferences.Add(channel, id);
    }

    /// <summary>Ends this process's hold on the object with its last proxy.</summary>
    ~ObjectProxy() => ObjectReferences.ReleaseLater(_channel, Id);

    public ObjectId Id { get; }

    public string Home => _channel.Home;

    /// <summary>The proxy that travels: the id and the home of its object, which must be the home of whoever gets it.</summary>
    public void Write(ref ValueWriter writer)
    {
        (writer.Kept ??= []).Add(this);
        writer.Write(Id.Value);
        writer.Write(Home);
    }

    /// <summary>The proxy that arrives.</summary>
    /// <exception cref="InvalidOperationException">The object belongs to another coordinator.</exception>
    public static ObjectProxy Read(ref ValueReader reader)
    {
        var id = new ObjectId(reader.Read<Guid>());
        var home = reader.Read<string>();
        var channel = ObjectChannel.To(home)
            ?? throw new InvalidOperationException($"A managed object of the coordinator '{home}' arrived where there is no way to it.");
        return new ObjectProxy(id, channel);
    }

    /// <summary>A value that goes into the object.</summary>
    /// <exception cref="NotCarriedException">It cannot travel.</exception>
    public ReadOnlyMemory<byte> Encode<T>(T value)
    {
        var payload = ValueSerializer.ToBytes(value, out var kept);
        if (kept is not null && Id.IsDurable)
        {
            RequireDurable(kept);
        }
        else if (kept is not null)
        {
            RequireHome(kept, _channel);
            _channel.Tell(Id, ObjectOperation.Contain, 0, [IdsOf(kept)]);
        }

        return payload;
    }

    /// <summary>A value that comes out of the object; proxies in it use the same way.</summary>
    public T Decode<T>(ReadOnlyMemory<byte> payload) => Decode<T>(payload, _channel);

    /// <summary>A value whose proxies go this way.</summary>
    public static T Decode<T>(ReadOnlyMemory<byte> payload, IObjectChannel channel)
    {
        var before = ObjectChannel.UseForThread(channel);
        try
        {
            return ValueSerializer.Read<T>(payload.Span);
        }
        finally
        {
            ObjectChannel.UseForThread(before);
        }
    }

    /// <inheritdoc cref="Decode{T}(ReadOnlyMemory{byte})"/>
    public object? Decode(Type type, ReadOnlyMemory<byte> payload)
    {
        var before = ObjectChannel.UseForThread(_channel);
        try
        {
            return BoxedValue.Of(type).Read(payload);
        }
        finally
        {
            ObjectChannel.UseForThread(before);
        }
    }

    public async ValueTask<ObjectReply> CallAsync(
        ObjectOperation operation, TimeSpan? timeout, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        Checked(await _channel.CallAsync(
            Id, operation, TimeoutRule.Milliseconds(timeout), number, payloads, cancellationToken).ConfigureAwait(false));

    /// <summary>Says something that needs no answer, before every call made after it.</summary>
    public void Tell(ObjectOperation operation, long number) => _channel.Tell(Id, operation, number, []);

    public ObjectReply Call(
        ObjectOperation operation, TimeSpan? timeout, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        Checked(_channel.Call(Id, operation, TimeoutRule.Milliseconds(timeout), number, payloads, cancellationToken));

    /// <summary>
    /// Gives back what this process holds of the object. When the object or its coordinator is gone, nothing is held any more and there is nothing to report:
    /// the holder disposes, perhaps because it has just caught that failure.
    /// </summary>
    /// <returns>The reply; null when the object or its coordinator is gone.</returns>
    public ObjectReply? GiveBack(ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads)
    {
        try
        {
            return Call(operation, null, number, payloads, default);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return null;
        }
    }

    /// <inheritdoc cref="GiveBack"/>
    public async ValueTask<ObjectReply?> GiveBackAsync(ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads)
    {
        try
        {
            return await CallAsync(operation, null, number, payloads, default).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return null;
        }
    }

    /// <summary>Refuses, before it is sent, a proxy that could not work where it would arrive.</summary>
    /// <exception cref="InvalidOperationException">An object belongs to another coordinator.</exception>
    public static void RequireHome(IEnumerable<object> kept, IObjectChannel channel)
    {
        if (kept.OfType<ObjectProxy>().FirstOrDefault(proxy => !channel.Homes.Contains(proxy.Home)) is { } foreign)
            throw Foreign(foreign.Home, channel.Home);
    }

    /// <summary>What a durable object holds is read when other objects are long gone.</summary>
    private void RequireDurable(IEnumerable<object> kept)
    {
        if (kept.OfType<ObjectProxy>().Any(proxy => !proxy.Id.IsDurable || proxy.Home != Home))
            throw new InvalidOperationException("A durable queue may hold no managed objects but durable ones of its own store: others do not live as long as it.");
    }

    private static InvalidOperationException Foreign(string own, string other) => new(
        $"A managed object of the coordinator '{own}' was passed to one of '{other}', where nobody knows it. "
        + "Create the manager and the pool with the same 'connect'.");

    /// <summary>The objects of the proxies that were written.</summary>
    public static ReadOnlyMemory<byte> IdsOf(IEnumerable<object> kept) =>
        kept.OfType<ObjectProxy>().SelectMany(proxy => proxy.Id.Value.ToByteArray()).ToArray();

    private static bool IsGone(Exception exception) => exception is CoordinatorLostException or ManagedObjectGoneException;

    private static ObjectReply Checked(ObjectReply reply) => reply.Status switch
    {
        ObjectStatus.NoSuchObject => throw new ManagedObjectGoneException("The managed object is not there any more: its manager was disposed, or it was deleted."),
        ObjectStatus.Refused => throw new InvalidOperationException(TextOf(reply)),
        ObjectStatus.Unreachable => throw new CoordinatorLostException(TextOf(reply)),
        ObjectStatus.Interrupted => throw new DurableStoreException(TextOf(reply)),
        ObjectStatus.NotSupported => throw new NotSupportedException("The managed object does not know this operation: the coordinator is of another version."),
        _ => reply,
    };

    private static string TextOf(ObjectReply reply) => System.Text.Encoding.UTF8.GetString(reply.Payloads[0].Span);
}
