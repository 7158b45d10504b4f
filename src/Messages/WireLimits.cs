using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Actors.Messages.Jobs;

namespace Actors.Messages;

/// <summary>
/// How large a message between machines may be. Remoting drops one above <c>maximum-frame-size</c> (16 MiB, config/common.conf) and tells
/// nobody who waits: so none is made. Within one process nothing is limited.
/// </summary>
internal static class WireLimits
{
    /// <summary>The most bytes of one job's arguments, one result or one call on a managed object; a quarter of the frame is left for what goes around them.</summary>
    public const int LargestPayload = 12 << 20;

    /// <summary>Arguments and results of more than this travel through the coordinator's store instead, but for those of durable pools.</summary>
    public const int LargestInMessage = 1 << 20;

    /// <summary>The most bytes that travel so: they are decoded from one piece of memory.</summary>
    public static readonly long LargestStored = Array.MaxLength;

    /// <summary>A batch of more than one is not larger than this: what waits behind it, such as a heartbeat, does not wait for long.</summary>
    public const int LargestBatch = 8 << 20;

    /// <summary>What a job or an outcome takes beside its payload and its texts, generously.</summary>
    private const int Overhead = 64;

    /// <summary>The longest form of a character.</summary>
    private const int CharacterLength = 3;

    /// <summary>The most bytes of a message between machines: the rest of a frame holds the addresses.</summary>
    public const int LargestMessage = (16 << 20) - (64 << 10);

    /// <summary>States that something is too large.</summary>
    /// <param name="subject">Such as: The arguments of Program.Count.</param>
    /// <param name="length">How large it is, in bytes.</param>
    public static string DescribeTooLarge(string subject, long length) => string.Create(
        CultureInfo.InvariantCulture,
        $"{subject} take {length:N0} bytes; a message between machines holds {LargestPayload:N0} at most (12 MiB). Pass a path, or smaller "
        + $"parts.");

    /// <summary>States that something is too large for a durable pool on a cluster.</summary>
    /// <param name="subject">Such as: The arguments of Program.Count.</param>
    /// <param name="length">How large it is, in bytes.</param>
    public static string DescribeTooLargeForDurablePool(string subject, long length) => string.Create(
        CultureInfo.InvariantCulture,
        $"{subject} take {length:N0} bytes; a durable pool on a cluster keeps {LargestPayload:N0} at most (12 MiB). Pass a path, or "
        + $"smaller parts, or use a pool that is not durable.");

    /// <summary>States that something is too large for the socket between a node and its worker.</summary>
    /// <param name="subject">Such as: The arguments of Program.Count.</param>
    /// <param name="length">How large it is, in bytes.</param>
    public static string DescribeTooLargeForWorker(string subject, long length) => string.Create(
        CultureInfo.InvariantCulture,
        $"{subject} take {length:N0} bytes; a message to or from a worker holds {Executors.ExecutorProtocol.LargestPayload:N0} at most (1 "
        + $"GiB). Pass a path, or smaller parts.");

    public static int SizeOf(JobSpec job) =>
        Overhead + job.Arguments.Length + job.Function.Definition.Length + (job.Function.Name.Length * CharacterLength);

    public static int SizeOf(JobOutcome outcome) => Overhead + outcome.Payload.Length + SizeOf(outcome.Failure);

    public static long SizeOf(ImmutableArray<ReadOnlyMemory<byte>> payloads)
    {
        var size = 0L;
        foreach (var payload in payloads)
            size += payload.Length + sizeof(int);
        return size;
    }

    /// <summary>
    /// The outcome with a failure that fits, or a refusal instead of a result that does not. Only a durable pool's result is not stored when it is large.
    /// </summary>
    public static JobOutcome LimitSize(JobOutcome outcome)
    {
        if (outcome.Failure is { } failure)
            return SizeOf(failure) <= FailureLimits.LargestFailure ? outcome : outcome with { Failure = FailureLimits.FitFailure(failure) };
        return SizeOf(outcome) <= LargestPayload ? outcome : ReplaceResult(outcome);
    }

    /// <summary>The outcome without its result, which is too large.</summary>
    internal static JobOutcome ReplaceResult(JobOutcome outcome) => outcome with
    {
        Status = JobStatus.Refused,
        Payload = default,
        Failure = FailureConverter.ToFailure(
            new PayloadTooLargeException(DescribeTooLargeForDurablePool("The result and its encoding", outcome.Payload.Length))),
    };

    /// <summary>The items in their order, in batches that are not larger than <see cref="LargestBatch"/> unless they hold a single item.</summary>
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

    /// <summary>How many bytes a failure takes, all exceptions in it included.</summary>
    public static int SizeOf(FailureInfo? failure)
    {
        var size = 0L;
        for (; failure is not null; failure = failure.Inner)
        {
            size += Overhead + SizeOf(failure.TypeName) + SizeOf(failure.AssemblyName) + SizeOf(failure.Message) + SizeOf(failure.StackTrace);
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
