using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Values;

namespace Actors.Messages.Jobs;

/// <summary>
/// Log records of an attempt of a job. Batches travel as <see cref="ProgressValue"/>s, each with a negative number of its own, so that none
/// replaces another.
/// </summary>
/// <param name="Attempt">The number of the attempt.</param>
/// <param name="FunctionName">The name of the function.</param>
/// <param name="NodeName">The name of the node.</param>
/// <param name="Total">The number of records that the attempt has logged until now. Those that have not arrived were dropped.</param>
/// <param name="Records">The records.</param>
public sealed record JobLogBatch(
    int Attempt, string FunctionName, string NodeName, long Total, ImmutableArray<JobLogRecord> Records)
{
    /// <summary>
    /// The number of the first batch; each further one has the next smaller number. -1 stands for the progress of a chunk.
    /// </summary>
    public const int FirstNumber = -2;

    /// <summary>Increased when the encoding changes. Batches of another version are dropped.</summary>
    private const byte Version = 2;

    /// <summary>Encodes the batch.</summary>
    public ReadOnlyMemory<byte> ToBytes()
    {
        var buffer = ValueBuffer.RentBuffer();
        var writer = new ValueWriter(buffer);
        writer.WriteRaw(Version);
        writer.WriteRaw(Attempt);
        writer.WriteString(FunctionName);
        writer.WriteString(NodeName);
        writer.WriteRaw(Total);
        JobLogRecord.WriteAll(ref writer, Records);
        writer.FlushBuffer();
        return buffer.DetachBytes();
    }

    /// <summary>Decodes a batch. The bytes come from a worker, whose jobs can send anything.</summary>
    /// <returns>False if the bytes are no batch that this version knows.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out JobLogBatch? batch)
    {
        try
        {
            batch = ReadFrom(bytes.Span);
        }
        catch (Exception exception) when (exception is InvalidDataException || ValueSerializer.IsMalformed(exception))
        {
            batch = null;
        }

        return batch is not null;
    }

    private static JobLogBatch? ReadFrom(ReadOnlySpan<byte> bytes)
    {
        var reader = new ValueReader(bytes);
        if (reader.ReadRaw<byte>() != Version)
            return null;
        var batch = new JobLogBatch(
            reader.ReadRaw<int>(), reader.ReadString() ?? "", reader.ReadString() ?? "", reader.ReadRaw<long>(),
            JobLogRecord.ReadAll(ref reader));
        reader.RequireEnd();
        return batch;
    }
}
