using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Values;

namespace Actors.Objects;

/// <summary>What every proxy of a managed object has: the object's id, and a way to it. Thread-safe.</summary>
internal sealed class ObjectProxy(ObjectId id, IObjectChannel channel)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(long.MaxValue / 20_000);

    public ObjectId Id => id;

    public string Home => channel.Home;

    /// <summary>The proxy that travels: the id and the home of its object, which must be the home of whoever gets it.</summary>
    public void Write(ref ValueWriter writer)
    {
        writer.Write(id.Value);
        writer.Write(channel.Home);
    }

    /// <summary>The proxy that arrives.</summary>
    /// <exception cref="InvalidOperationException">The object belongs to another coordinator.</exception>
    public static ObjectProxy Read(ref ValueReader reader)
    {
        var id = new ObjectId(reader.Read<Guid>());
        var home = reader.Read<string>();
        var channel = ObjectChannel.Current
            ?? throw new InvalidOperationException("A managed object arrived where there is no way to one.");
        return channel.Home == home
            ? new ObjectProxy(id, channel)
            : throw new InvalidOperationException(
                "A managed object was passed to a pool of another coordinator. Create the manager and the pool with the same 'connect'.");
    }

    /// <summary>A value that goes into the object.</summary>
    /// <exception cref="NotCarriedException">It cannot travel.</exception>
    public static ReadOnlyMemory<byte> Encode<T>(T value) => ValueSerializer.ToBytes(value);

    /// <summary>A value that comes out of the object; proxies in it use the same way.</summary>
    public T Decode<T>(ReadOnlyMemory<byte> payload)
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
        var before = ObjectChannel.UseForThread(channel);
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
        Checked(await channel.CallAsync(id, operation, Milliseconds(timeout), number, payloads, cancellationToken).ConfigureAwait(false));

    public ObjectReply Call(
        ObjectOperation operation, TimeSpan? timeout, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        Checked(channel.Call(id, operation, Milliseconds(timeout), number, payloads, cancellationToken));

    /// <summary>Null and infinite are for ever; what is left of a millisecond counts as a whole one.</summary>
    private static long Milliseconds(TimeSpan? timeout)
    {
        if (timeout is not { } time || time == Timeout.InfiniteTimeSpan)
            return -1;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, nameof(timeout));
        return (long)Math.Ceiling((time < Longest ? time : Longest).TotalMilliseconds);
    }

    private static ObjectReply Checked(ObjectReply reply) => reply.Status switch
    {
        ObjectStatus.NoSuchObject => throw new ManagedObjectGoneException("The managed object is not there any more: its manager was disposed."),
        ObjectStatus.NotSupported => throw new NotSupportedException("The managed object does not know this operation: the coordinator is of another version."),
        _ => reply,
    };
}
