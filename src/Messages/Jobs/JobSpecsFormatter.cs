using System.Collections.Immutable;
using Actors.Messages.Payloads;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>
/// Formats a list of jobs. Each function is written once, before its first job; further jobs refer to it by number. For a job with stored
/// arguments, the complement of the number is written, followed by the reference to the arguments.
/// </summary>
public sealed class JobSpecsFormatter : MemoryPackFormatter<ImmutableArray<JobSpec>>
{
    /// <summary>The only instance; it has no state.</summary>
    public static JobSpecsFormatter Instance { get; } = new();

    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref ImmutableArray<JobSpec> value)
    {
        if (value.IsDefault)
        {
            writer.WriteNullCollectionHeader();
            return;
        }

        writer.WriteCollectionHeader(value.Length);
        var functions = new Dictionary<FunctionRef, int>();
        FunctionRef? last = null;
        var number = 0;
        foreach (var job in value)
        {
            var isNew = false;
            // Most jobs call the same function as the job before them, which is detected without a hash.
            if (!ReferenceEquals(job.Function, last))
            {
                isNew = functions.TryAdd(job.Function, functions.Count);
                (last, number) = (job.Function, functions[job.Function]);
            }

            writer.WriteUnmanaged(job.Id, job.Stored is null ? number : ~number, job.TimeoutMilliseconds, job.MaxAttempts);
            if (isNew)
                writer.WritePackable(job.Function);
            if (job.Stored is not null)
                writer.WritePackable(job.Stored);
            writer.WriteValue(job.Arguments);
        }
    }

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref ImmutableArray<JobSpec> value)
    {
        if (!reader.TryReadCollectionHeader(out var length))
        {
            value = default;
            return;
        }

        var functions = new List<FunctionRef>();
        var jobs = ImmutableArray.CreateBuilder<JobSpec>(length);
        for (var i = 0; i < length; i++)
        {
            reader.ReadUnmanaged(out JobId id, out int function, out long timeout, out int attempts);
            var isStored = function < 0;
            function = isStored ? ~function : function;
            if (function == functions.Count)
                functions.Add(reader.ReadPackable<FunctionRef>() ?? throw CreateMalformedException());
            if (function >= functions.Count)
                throw CreateMalformedException();
            var stored = isStored ? reader.ReadPackable<StoredPayload>() ?? throw CreateMalformedException() : null;
            jobs.Add(new JobSpec(id, functions[function], reader.ReadValue<ReadOnlyMemory<byte>>(), timeout, attempts, stored));
        }

        value = jobs.MoveToImmutable();
    }

    private static MemoryPackSerializationException CreateMalformedException() =>
        new("A job refers to a function or a payload that was not written.");
}

/// <summary>Marks a list of jobs in a contract as formatted by <see cref="JobSpecsFormatter"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SharedFunctionsAttribute : MemoryPackCustomFormatterAttribute<JobSpecsFormatter, ImmutableArray<JobSpec>>
{
    /// <inheritdoc/>
    public override JobSpecsFormatter GetFormatter() => JobSpecsFormatter.Instance;
}
