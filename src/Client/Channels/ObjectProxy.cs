using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
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
            _channel.SendOneWay(Id, new ObjectContain(IdsOf(references)));
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

    /// <summary>Sends a request without a reply, ahead of every later call.</summary>
    public void Tell<TRequest>(TRequest request)
        where TRequest : struct, IObjectRequest<TRequest> => _channel.SendOneWay(Id, request);

    /// <summary>Calls an operation; blocks the thread.</summary>
    public TReply Call<TRequest, TReply>(
        TRequest request = default, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        where TRequest : struct, IObjectRequest<TRequest, TReply>
        where TReply : struct, IObjectReply<TReply> =>
        ReadReply<TReply>(_channel.SendRequest(Id, request, TimeoutRule.ToMilliseconds(timeout), cancellationToken));

    /// <inheritdoc cref="Call{TRequest, TReply}"/>
    public async ValueTask<TReply> CallAsync<TRequest, TReply>(
        TRequest request = default, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        where TRequest : struct, IObjectRequest<TRequest, TReply>
        where TReply : struct, IObjectReply<TReply> =>
        ReadReply<TReply>(await _channel.SendRequestAsync(
            Id, request, TimeoutRule.ToMilliseconds(timeout), cancellationToken).ConfigureAwait(false));

    /// <summary>Calls an operation whose reply is a status alone; blocks the thread.</summary>
    public ObjectStatus Call<TRequest>(
        TRequest request = default, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        where TRequest : struct, IObjectRequest<TRequest, StatusReply> =>
        Call<TRequest, StatusReply>(request, timeout, cancellationToken).Status;

    /// <inheritdoc cref="Call{TRequest}"/>
    public async ValueTask<ObjectStatus> CallAsync<TRequest>(
        TRequest request = default, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        where TRequest : struct, IObjectRequest<TRequest, StatusReply> =>
        ReadReply<StatusReply>(await _channel.SendRequestAsync(
            Id, request, TimeoutRule.ToMilliseconds(timeout), cancellationToken).ConfigureAwait(false)).Status;

    /// <summary>
    /// Returns a hold of this process on the object. When the object, its coordinator or its store was lost, no error is reported, because
    /// the caller may be disposing the hold after that failure. Nothing is held then, or it is returned with the end of this process.
    /// </summary>
    /// <returns>The status; null when the object, its coordinator or its store was lost.</returns>
    public ObjectStatus? ReturnHold<TRequest>(TRequest request)
        where TRequest : struct, IObjectRequest<TRequest, StatusReply>
    {
        try
        {
            return Call(request);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            return null;
        }
    }

    /// <inheritdoc cref="ReturnHold"/>
    public async ValueTask<ObjectStatus?> ReturnHoldAsync<TRequest>(TRequest request)
        where TRequest : struct, IObjectRequest<TRequest, StatusReply>
    {
        try
        {
            return await CallAsync(request).ConfigureAwait(false);
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
    public static ImmutableArray<ObjectId> IdsOf(IEnumerable<object> references) =>
        [.. references.OfType<ObjectProxy>().Select(proxy => proxy.Id)];

    private static bool IsLoss(Exception exception) =>
        exception is CoordinatorLostException or ManagedObjectGoneException or DurableStoreException;

    private static TReply ReadReply<TReply>(ObjectReply reply)
        where TReply : struct, IObjectReply<TReply> => reply.Status switch
        {
            ObjectStatus.NoSuchObject => throw new ManagedObjectGoneException(
                "The managed object no longer exists: its manager was disposed, or it was deleted. Create it again."),
            ObjectStatus.Refused => throw new InvalidOperationException(reply.GetReason()),
            ObjectStatus.OverLimit => throw new ClientLimitException(reply.GetReason()),
            ObjectStatus.Unreachable => throw new CoordinatorLostException(reply.GetReason()),
            ObjectStatus.Interrupted => throw new DurableStoreException(reply.GetReason()),
            ObjectStatus.NotSupported => throw new NotSupportedException(
                "The managed object does not support this operation: the coordinator has another version. Upgrade it."),
            _ => TReply.FromEnvelope(reply) ?? throw new InvalidDataException(
                $"A reply of a managed object is no {typeof(TReply).Name}: the coordinator has an incompatible version."),
        };
}
