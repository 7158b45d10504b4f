using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Messages;

/// <summary>
/// The size limits of messages between machines. Remoting drops a message above <c>maximum-frame-size</c> (16 MiB, config/common.conf)
/// without notice to its sender, so such messages must not be created. Messages within one process are not limited.
/// </summary>
public static class WireLimits
{
    /// <summary>
    /// The largest payload in bytes: the arguments of a job, a result, or a call on a managed object. A quarter of the frame remains for
    /// the rest of the message.
    /// </summary>
    public const int LargestPayload = 12 << 20;

    /// <summary>Larger arguments and results travel through the coordinator's payload store, except those of durable pools.</summary>
    public const int LargestInMessage = 1 << 20;

    /// <summary>The largest payload of the payload store in bytes. A payload is decoded from one block of memory.</summary>
    public static readonly long LargestStored = Array.MaxLength;

    /// <summary>The largest batch of several items, in bytes. Large batches would delay messages behind them, such as heartbeats.</summary>
    public const int LargestBatch = 8 << 20;

    /// <summary>The longest name in a list or a log event.</summary>
    private const int LongestName = 1024;

    /// <summary>The size of a job or an outcome without payload and texts: an upper bound.</summary>
    private const int Overhead = 64;

    /// <summary>The most bytes of UTF-8 for one UTF-16 code unit.</summary>
    private const int CharacterLength = 3;

    /// <summary>The largest message between machines in bytes. The rest of a frame holds the addresses.</summary>
    public const int LargestMessage = (16 << 20) - (64 << 10);

    /// <summary>Shortens a name for a list or a log event. Clients choose names, and a list has many.</summary>
    public static string CutName(string name) => FailureLimits.CutText(name, LongestName)!;

    /// <summary>Describes a payload that is too large for a message between machines.</summary>
    /// <param name="subject">The payload, such as "The arguments of Program.Count".</param>
    /// <param name="length">Its length in bytes.</param>
    public static string DescribeTooLarge(string subject, long length) => string.Create(
        CultureInfo.InvariantCulture,
        $"{subject} take {length:N0} bytes; a message between machines holds at most {LargestPayload:N0} (12 MiB). Pass a path, or smaller "
        + $"parts.");

    /// <summary>Describes a payload that is too large for a durable pool on a cluster.</summary>
    /// <param name="subject">The payload, such as "The arguments of Program.Count".</param>
    /// <param name="length">Its length in bytes.</param>
    public static string DescribeTooLargeForDurablePool(string subject, long length) => string.Create(
        CultureInfo.InvariantCulture,
        $"{subject} take {length:N0} bytes; a durable pool on a cluster keeps {LargestPayload:N0} at most (12 MiB). Pass a path, or "
        + $"smaller parts, or use a pool that is not durable.");

    /// <summary>Describes a payload that is too large for the socket between a node and its worker.</summary>
    /// <param name="subject">The payload, such as "The arguments of Program.Count".</param>
    /// <param name="length">Its length in bytes.</param>
    public static string DescribeTooLargeForWorker(string subject, long length) => string.Create(
        CultureInfo.InvariantCulture,
        $"{subject} take {length:N0} bytes; a message to or from a worker holds {Executors.ExecutorProtocol.LargestPayload:N0} at most (1 "
        + $"GiB). Pass a path, or smaller parts.");

    public static int SizeOf(JobSpec job) =>
        Overhead + job.Arguments.Length + job.Function.Definition.Length + (job.Function.Name.Length * CharacterLength)
        + SizeOf(job.Policy);

    private static int SizeOf(JobPolicy policy) =>
        (((policy.Key?.Length ?? 0) + (policy.Named?.Name.Length ?? 0)) * CharacterLength)
        + (policy.Trace is { } trace ? (trace.Parent.Length + (trace.State?.Length ?? 0) + trace.Node.Length) * CharacterLength : 0)
        + ((policy.Shared?.Payloads.Length ?? 0) * Overhead)
        + (policy.Origin is { Losses.IsDefaultOrEmpty: false } origin ? origin.Losses.Sum(static loss => SizeOf(loss)) : 0);

    /// <summary>Gets the size of a lost attempt in bytes: an upper bound.</summary>
    public static int SizeOf(AttemptLoss? loss) =>
        Overhead + (((loss?.Node?.Length ?? 0) + (loss?.Reason?.Length ?? 0)) * CharacterLength);

    /// <summary>Gets the size of the settings of a pool in bytes.</summary>
    public static long SizeOf(PoolSpec spec) =>
        Overhead + SizeOf(spec.Initializer) + spec.InitializerArguments.Length + SizeOf(spec.Services) + spec.ServicesArguments.Length
        + SizeOf(spec.State) + spec.StateArguments.Length
        + SizeOf(spec.Name) + SizeOf(spec.DisplayName) + SizeOf(spec.Environment?.Directory)
        + (spec.Environment is { Variables.IsDefault: false } environment
            ? environment.Variables.Sum(static variable => Overhead + SizeOf(variable?.Name) + SizeOf(variable?.Value))
            : 0)
        + (spec.Needs is { AreReasonable: true } needs
            ? needs.Labels.Sum(static label => Overhead + SizeOf(label)) + needs.Resources.Sum(static need => Overhead + SizeOf(need.Name))
            : 0);

    /// <summary>Gets the size of named functions in bytes.</summary>
    public static long SizeOf(ImmutableArray<NamedFunction> functions) =>
        functions.IsDefault ? 0 : functions.Sum(static named => Overhead + SizeOf(named?.Name?.Name) + SizeOf(named?.Function));

    private static long SizeOf(FunctionRef? function) =>
        function is null ? 0 : Overhead + SizeOf(function.Name) + function.Definition.Length;

    public static int SizeOf(JobOutcome outcome) => Overhead + outcome.Payload.Length + SizeOf(outcome.Failure);

    public static long SizeOf(ImmutableArray<ReadOnlyMemory<byte>> payloads)
    {
        var size = 0L;
        foreach (var payload in payloads)
            size += payload.Length + sizeof(int);
        return size;
    }

    /// <summary>
    /// Limits the size of an outcome: shortens its failure, or replaces a result that is too large by a refusal. Results of pools that are
    /// not durable travel through the payload store if they are large.
    /// </summary>
    public static JobOutcome LimitSize(JobOutcome outcome)
    {
        if (outcome.Failure is { } failure)
            return SizeOf(failure) <= FailureLimits.LargestFailure ? outcome : outcome with { Failure = FailureLimits.FitFailure(failure) };
        return SizeOf(outcome) <= LargestPayload ? outcome : ReplaceResult(outcome);
    }

    /// <summary>Replaces a result that is too large by a refusal.</summary>
    public static JobOutcome ReplaceResult(JobOutcome outcome) => outcome with
    {
        Status = JobStatus.Refused,
        Payload = default,
        Failure = FailureConverter.ToFailure(
            new PayloadTooLargeException(DescribeTooLargeForDurablePool("The result and its encoding", outcome.Payload.Length))),
    };

    /// <summary>Splits items into batches of at most <see cref="LargestBatch"/> bytes. A larger item is a batch of its own.</summary>
    public static IEnumerable<ImmutableArray<T>> SplitIntoBatches<T>(ImmutableArray<T> items, Func<T, int> sizeOf)
    {
        var (start, size) = (0, 0L);
        for (var i = 0; i < items.Length; i++)
        {
            var next = sizeOf(items[i]);
            if (i > start && size + next > LargestBatch)
            {
                yield return items[start..i];
                (start, size) = (i, 0);
            }

            size += next;
        }

        if (start == 0)
            yield return items;
        else
            yield return items[start..];
    }

    /// <summary>Gets the size of a failure in bytes, including its inner exceptions.</summary>
    public static int SizeOf(FailureInfo? failure)
    {
        var size = 0L;
        for (; failure is not null; failure = failure.Inner)
        {
            size += Overhead + SizeOf(failure.TypeName) + SizeOf(failure.AssemblyName);
            size += SizeOf(failure.Message) + SizeOf(failure.StackTrace);
            foreach (var (key, value) in failure.Data.IsDefault ? [] : failure.Data)
                size += Overhead + SizeOf(key) + SizeOf(value);
            foreach (var value in failure.Values.IsDefault ? [] : failure.Values)
            {
                size += value is null
                    ? 1
                    : Overhead + SizeOf(value.Owner) + SizeOf(value.Name) + value.Type.Length + value.Value.Length + SizeOf(value.Text);
            }

            foreach (var more in failure.MoreInner.IsDefault ? [] : failure.MoreInner)
                size += SizeOf(more);
        }

        return (int)Math.Min(size, 1 << 28);
    }

    private static long SizeOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
