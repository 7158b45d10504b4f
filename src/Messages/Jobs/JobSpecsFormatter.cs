using System.Collections.Immutable;
using Actors.Messages.Payloads;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>
/// Formats a list of jobs. Each function and each policy is written once, with its first job; further jobs refer to it by number. For a
/// job with stored arguments, the complement of the function's number is written, and the reference to the arguments.
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
        var functions = new Numbers<FunctionRef>();
        var policies = new Numbers<JobPolicy>();
        foreach (var job in value)
        {
            var function = functions.GetNumber(job.Function, out var isNewFunction);
            var policy = policies.GetNumber(job.Policy, out var isNewPolicy);
            writer.WriteUnmanaged(job.Id, job.Stored is null ? function : ~function, policy);
            if (isNewFunction)
                writer.WritePackable(job.Function);
            if (isNewPolicy)
                writer.WritePackable(job.Policy);
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
        var policies = new List<JobPolicy>();
        var jobs = ImmutableArray.CreateBuilder<JobSpec>(length);
        for (var i = 0; i < length; i++)
        {
            reader.ReadUnmanaged(out JobId id, out int function, out int policy);
            var isStored = function < 0;
            function = isStored ? ~function : function;
            if (function == functions.Count)
                functions.Add(reader.ReadPackable<FunctionRef>() ?? throw CreateMalformedException());
            if (policy == policies.Count)
                policies.Add(reader.ReadPackable<JobPolicy>() ?? throw CreateMalformedException());
            if (function >= functions.Count || policy < 0 || policy >= policies.Count)
                throw CreateMalformedException();
            var stored = isStored ? reader.ReadPackable<StoredPayload>() ?? throw CreateMalformedException() : null;
            jobs.Add(new JobSpec(id, functions[function], reader.ReadValue<ReadOnlyMemory<byte>>(), policies[policy], stored));
        }

        value = jobs.MoveToImmutable();
    }

    private static MemoryPackSerializationException CreateMalformedException() =>
        new("A job refers to a function, a policy or a payload that was not written.");

    /// <summary>Numbers different values in the order of their first use.</summary>
    private struct Numbers<T>()
        where T : class
    {
        private readonly Dictionary<T, int> _numbers = [];
        private T? _last;
        private int _lastNumber;

        public int GetNumber(T value, out bool isNew)
        {
            isNew = false;
            // Most jobs have the function and the policy of the job before them, which is detected without a hash.
            if (!ReferenceEquals(value, _last))
            {
                isNew = _numbers.TryAdd(value, _numbers.Count);
                (_last, _lastNumber) = (value, _numbers[value]);
            }

            return _lastNumber;
        }
    }
}

/// <summary>Marks a list of jobs in a contract as formatted by <see cref="JobSpecsFormatter"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SharedFunctionsAttribute : MemoryPackCustomFormatterAttribute<JobSpecsFormatter, ImmutableArray<JobSpec>>
{
    /// <inheritdoc/>
    public override JobSpecsFormatter GetFormatter() => JobSpecsFormatter.Instance;
}
