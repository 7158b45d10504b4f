using System.Buffers;
using System.Collections.Immutable;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>The outcome of one item of a chunk.</summary>
/// <param name="Index">The index in the chunk.</param>
/// <param name="Value">The result, if there is no failure.</param>
/// <param name="Failure">The exception that the call threw; null if it returned.</param>
public readonly record struct ItemOutcome<TResult>(int Index, TResult Value, FailureInfo? Failure);

/// <summary>The results of a chunk: the values if every call returned, otherwise an outcome for each item.</summary>
/// <param name="Values">The results in order; null if a call threw.</param>
/// <param name="Outcomes">The outcome of each item if a call threw; otherwise empty.</param>
public sealed record ChunkResult<TResult>(TResult[]? Values, ImmutableArray<ItemOutcome<TResult>> Outcomes);

/// <summary>Writes and reads the results of a chunk.</summary>
public static class ChunkResult
{
    private const byte AllReturned = 0;
    private const byte SomeThrew = 1;

    /// <summary>Writes the results of a chunk, in order.</summary>
    /// <param name="output">The output.</param>
    /// <param name="values">The result of each item.</param>
    /// <param name="failures">The failure of each item, null if its call returned; null if all returned.</param>
    public static void WriteResults<TResult>(IBufferWriter<byte> output, TResult[] values, FailureInfo?[]? failures)
    {
        RefusalCache<TResult>.ThrowIfRefused();
        var writer = new ValueWriter(output);
        if (failures is null)
        {
            writer.WriteRaw(AllReturned);
            Items.WriteItems<TResult>(ref writer, values);
        }
        else
        {
            WriteEach(ref writer, values, failures);
        }

        writer.FlushBuffer();
    }

    /// <summary>Reads the results of a chunk.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such results.</exception>
    public static ChunkResult<TResult> ReadResults<TResult>(ReadOnlySpan<byte> bytes)
    {
        RefusalCache<TResult>.ThrowIfRefused();
        try
        {
            var reader = new ValueReader(bytes);
            var result = reader.ReadRaw<byte>() switch
            {
                AllReturned => new ChunkResult<TResult>(
                    Items.ReadItems<TResult>(ref reader) ?? throw new InvalidDataException("The results are missing."), []),
                SomeThrew => ReadEach<TResult>(ref reader),
                var tag => throw new InvalidDataException($"{tag} does not begin the results of a chunk."),
            };
            reader.RequireEnd();
            return result;
        }
        catch (Exception e) when (ValueSerializer.IsMalformed(e))
        {
            throw ValueSerializer.CreateMalformedException<TResult>(e);
        }
    }

    private static void WriteEach<TResult>(ref ValueWriter writer, TResult[] values, FailureInfo?[] failures)
    {
        writer.WriteRaw(SomeThrew);
        writer.WriteLength(values.Length);
        var frame = new FrameWriter();
        for (var i = 0; i < values.Length; i++)
        {
            writer.WriteRaw(failures[i] is null ? (byte)0 : (byte)1);
            if (failures[i] is { } failure)
            {
                frame.ClearFrames();
                frame.WriteFailure(failure);
                writer.WriteValue(frame.Written);
            }
            else
            {
                writer.WriteValue(values[i]);
            }
        }
    }

    private static ChunkResult<TResult> ReadEach<TResult>(ref ValueReader reader)
    {
        var outcomes = new ItemOutcome<TResult>[Math.Max(0, reader.ReadLength(2))];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = reader.ReadPresence()
                ? new ItemOutcome<TResult>(i, default!, ReadFailure(reader.ReadValue<ReadOnlyMemory<byte>>()))
                : new ItemOutcome<TResult>(i, reader.ReadValue<TResult>(), null);
        }

        return new ChunkResult<TResult>(null, [.. outcomes]);
    }

    /// <summary>Reads a failure as in a frame, where no member is null.</summary>
    private static FailureInfo ReadFailure(ReadOnlyMemory<byte> bytes)
    {
        var reader = new FrameReader(bytes);
        var failure = reader.ReadFailure() ?? throw new InvalidDataException("A failure is missing.");
        reader.RequireEnd();
        return failure;
    }
}
