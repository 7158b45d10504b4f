using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Runtime;

namespace Actors.Objects;

/// <summary>The common part of all proxies of managed objects: the object id and a channel. Thread-safe.</summary>
internal sealed class ObjectProxy
{
    private readonly IObjectChannel _channel;

    public ObjectProxy(ObjectId id, IObjectChannel channel)
    {
        Id = id;
        _channel = channel;
        ObjectReferences.AddReference(channel, id);
    }

    /// <summary>Releases the reference of this process to the object with its last proxy.</summary>
    ~ObjectProxy() => ObjectReferences.ReleaseLater(_channel, Id);

    public ObjectId Id { get; }

    public string Owner => _channel.Owner;

    /// <summary>The clock that measures the timeouts of calls.</summary>
    public TimeProvider Clock => _channel.Clock;

    /// <summary>Identifies the object and the process that uses it. In a simulation several processes share this one.</summary>
    public (ObjectId Id, object? Process) Use => (Id, _channel.Process);

    /// <summary>Writes the proxy as the id and the owner of its object; the receiver must reach the same owner.</summary>
    public void WriteTo(ref ValueWriter writer)
    {
        (writer.KeptAlive ??= []).Add(this);
        writer.WriteValue(Id.Value);
        writer.WriteValue(Owner);
    }

    /// <summary>Reads a proxy.</summary>
    /// <exception cref="InvalidOperationException">The object belongs to another coordinator.</exception>
    public static ObjectProxy ReadFrom(ref ValueReader reader)
    {
        var id = new ObjectId(reader.ReadValue<Guid>());
        var owner = reader.ReadValue<string>();
        var channel = ObjectChannel.FindForOwner(owner)
            ?? throw new InvalidOperationException(
                $"A managed object of the coordinator '{owner}' was received in a process that is not connected to it. Use the same "
                + "coordinator.");
        return new ObjectProxy(id, channel);
    }

    /// <summary>Serializes a value for the object.</summary>
    /// <exception cref="NotCarriedException">The value cannot be serialized.</exception>
    public ReadOnlyMemory<byte> EncodeValue<T>(T value)
    {
        var payload = ValueSerializer.ToBytes(value, out var references);
        if (references is not null && Id.IsDurable)
        {
            RequireDurable(references);
        }
        else if (references is not null)
        {
            RequireReachable(references, _channel);
            _channel.SendOneWay(Id, ObjectOperation.Contain, 0, [IdsOf(references)]);
        }

        return payload;
    }

    /// <summary>Deserializes a value of the object; proxies in it use the same channel.</summary>
    public T DecodeValue<T>(ReadOnlyMemory<byte> payload) => DecodeValue<T>(payload, _channel);

    /// <summary>Deserializes a value whose proxies use the channel.</summary>
    public static T DecodeValue<T>(ReadOnlyMemory<byte> payload, IObjectChannel channel)
    {
        var before = ObjectChannel.UseForThread(channel);
        try
        {
            return ValueSerializer.ReadValue<T>(payload.Span);
        }
        finally
        {
            ObjectChannel.UseForThread(before);
        }
    }

    /// <inheritdoc cref="DecodeValue{T}(ReadOnlyMemory{byte})"/>
    public object? DecodeValue(Type type, ReadOnlyMemory<byte> payload)
    {
        var before = ObjectChannel.UseForThread(_channel);
        try
        {
            return BoxedValue.ForType(type).ReadValue(payload);
        }
        finally
        {
            ObjectChannel.UseForThread(before);
        }
    }

    public async ValueTask<ObjectReply> CallAsync(
        ObjectOperation operation, TimeSpan? timeout, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads,
        CancellationToken cancellationToken) =>
        RequireSuccess(await _channel.CallAsync(
            Id, operation, TimeoutRule.ToMilliseconds(timeout), number, payloads, cancellationToken).ConfigureAwait(false));

    /// <summary>Sends a message without a reply, ahead of every later call.</summary>
    public void Tell(ObjectOperation operation, long number) => _channel.SendOneWay(Id, operation, number, []);

    public ObjectReply Call(
        ObjectOperation operation, TimeSpan? timeout, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads,
        CancellationToken cancellationToken) =>
        RequireSuccess(_channel.Call(Id, operation, TimeoutRule.ToMilliseconds(timeout), number, payloads, cancellationToken));

    /// <summary>
    /// Returns a hold of this process on the object. When the object or its coordinator was lost, nothing is held and no error is reported,
    /// because the caller may be disposing the hold after catching that failure.
    /// </summary>
    /// <returns>The reply; null when the object or its coordinator was lost.</returns>
    public ObjectReply? ReturnHold(ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads)
    {
        try
        {
            return Call(operation, null, number, payloads, default);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            return null;
        }
    }

    /// <inheritdoc cref="ReturnHold"/>
    public async ValueTask<ObjectReply?> ReturnHoldAsync(
        ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads)
    {
        try
        {
            return await CallAsync(operation, null, number, payloads, default).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            return null;
        }
    }

    /// <summary>Returns the channel of the first proxy among the references; null for none.</summary>
    public static IObjectChannel? FindChannel(IEnumerable<object>? references) =>
        references?.OfType<ObjectProxy>().FirstOrDefault()?._channel;

    /// <summary>Rejects a proxy that could not work at its destination, before it is sent.</summary>
    /// <exception cref="InvalidOperationException">An object belongs to another coordinator.</exception>
    public static void RequireReachable(IEnumerable<object> references, IObjectChannel channel)
    {
        if (references.OfType<ObjectProxy>().FirstOrDefault(proxy => !channel.Owners.Contains(proxy.Owner)) is { } foreign)
            throw CreateForeignException(foreign.Owner, channel.Owner);
    }

    /// <summary>Rejects non-durable proxies in a durable object, which outlives other objects.</summary>
    private void RequireDurable(IEnumerable<object> references)
    {
        if (references.OfType<ObjectProxy>().Any(proxy => !proxy.Id.IsDurable || proxy.Owner != Owner))
        {
            throw new InvalidOperationException(
                "A durable queue can hold only durable managed objects of the same store. Put the data itself, or a durable object.");
        }
    }

    private static InvalidOperationException CreateForeignException(string own, string other) => new(
        $"A managed object of the coordinator '{own}' was passed to the coordinator '{other}', which does not know it. "
        + "Create the manager and the pool with the same 'connect'.");

    /// <summary>Returns the object ids of the written proxies.</summary>
    public static ReadOnlyMemory<byte> IdsOf(IEnumerable<object> references) =>
        references.OfType<ObjectProxy>().SelectMany(proxy => proxy.Id.Value.ToByteArray()).ToArray();

    private static bool IsLoss(Exception exception) => exception is CoordinatorLostException or ManagedObjectGoneException;

    private static ObjectReply RequireSuccess(ObjectReply reply) => reply.Status switch
    {
        ObjectStatus.NoSuchObject => throw new ManagedObjectGoneException(
            "The managed object no longer exists: its manager was disposed, or it was deleted. Create it again."),
        ObjectStatus.Refused => throw new InvalidOperationException(TextOf(reply)),
        ObjectStatus.OverLimit => throw new ClientLimitException(TextOf(reply)),
        ObjectStatus.Unreachable => throw new CoordinatorLostException(TextOf(reply)),
        ObjectStatus.Interrupted => throw new DurableStoreException(TextOf(reply)),
        ObjectStatus.NotSupported => throw new NotSupportedException(
            "The managed object does not support this operation: the coordinator has another version. Upgrade it."),
        _ => reply,
    };

    private static string TextOf(ObjectReply reply) => System.Text.Encoding.UTF8.GetString(reply.Payloads[0].Span);
}
