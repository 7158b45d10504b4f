using System.Buffers;
using Actors.Executor.Functions;
using Actors.Messages.Functions;
using Actors.Messages.Values;

namespace Actors.Executor.Tests.Functions;

/// <summary>Client and executor without their processes: encodes, resolves and invokes a function, and decodes its result.</summary>
internal static class Caller
{
    internal static ChunkItems<T> Items<T>(params T[] items) => new(0, items);

    internal static T Result<T>(PreparedCall call, CancellationToken jobToken = default) =>
        ValueSerializer.ReadValue<T>(Invoke(call, jobToken).Span, jobToken);

    internal static ChunkResult<T> Chunk<T>(PreparedCall call) => ChunkResult.ReadResults<T>(Invoke(call).Span);

    internal static ReadOnlyMemory<byte> Invoke(PreparedCall call, CancellationToken jobToken = default)
    {
        var output = new ArrayBufferWriter<byte>();
        FunctionInvoker.CreateInvoker(call.Function).Invoke(call.Arguments, jobToken, output);
        return output.WrittenMemory;
    }
}
