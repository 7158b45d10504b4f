using System.Collections.Immutable;
using System.Text;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Short words for calls on objects.</summary>
internal static class Calls
{
    internal static ObjectCall Put(long call, long timeout, params int[] items) => new(
        default, call, ObjectOperation.Put, timeout, 0, [.. items.Select(Encode)]);

    internal static ObjectCall Get(long call, long timeout, long most = 1) =>
        new(default, call, ObjectOperation.Get, timeout, most, []);

    internal static ObjectCall Acquire(long call, long timeout) => new(default, call, ObjectOperation.Acquire, timeout, 0, []);

    internal static ObjectCall Release(long call, long token) => new(default, call, ObjectOperation.Release, -1, token, []);

    internal static ObjectCall Ask(long call, ObjectOperation operation) => new(default, call, operation, -1, 0, []);

    internal static ObjectCall On(this ObjectCall call, ObjectId id) => call with { Object = id };

    internal static ImmutableArray<int> Items(this ObjectReply reply) =>
        [.. reply.Payloads.Select(payload => int.Parse(Encoding.UTF8.GetString(payload.Span), null))];

    private static ReadOnlyMemory<byte> Encode(int item) => Encoding.UTF8.GetBytes($"{item}");
}
