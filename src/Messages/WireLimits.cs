using System.Collections.Immutable;
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

    /// <summary>The longest text of a failure that is itself too large.</summary>
    private const int ShortText = 10_000;

    /// <summary>States that something is too large.</summary>
    /// <param name="what">Such as: The arguments of Program.Count.</param>
    /// <param name="length">How large it is, in bytes.</param>
    public static string TooLarge(string what, long length) => FormattableString.Invariant(
        $"{what} take {length:N0} bytes; a message between machines holds {LargestPayload:N0} at most (12 MiB). Pass a path, or smaller parts.");

    /// <summary>States that something is too large for a durable pool on a cluster.</summary>
    /// <param name="what">Such as: The arguments of Program.Count.</param>
    /// <param name="length">How large it is, in bytes.</param>
    public static string TooLargeToKeep(string what, long length) => FormattableString.Invariant(
        $"{what} take {length:N0} bytes; a durable pool on a cluster keeps {LargestPayload:N0} at most (12 MiB). Pass a path, or smaller parts, or use a pool that is not durable.");

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

    /// <summary>The outcome, or a refusal that says why it cannot travel. Only a durable pool's result is not stored when it is large.</summary>
    public static JobOutcome Limited(JobOutcome outcome)
    {
        if (SizeOf(outcome) <= LargestPayload)
            return outcome;
        return outcome.Failure is { } failure
            ? outcome with { Failure = failure with { Message = Short(failure.Message), StackTrace = Short(failure.StackTrace ?? ""), Data = [], Inner = null } }
            : outcome with
            {
                Status = JobStatus.Refused,
                Payload = default,
                Failure = FailureConverter.ToFailure(new PayloadTooLargeException(TooLargeToKeep("The result and its encoding", outcome.Payload.Length))),
            };
    }

    /// <summary>The items in their order, in batches that are not larger than <see cref="LargestBatch"/> unless they hold a single item.</summary>
    public static IEnumerable<ImmutableArray<T>> Split<T>(ImmutableArray<T> items, Func<T, int> sizeOf)
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

    private static int SizeOf(FailureInfo? failure)
    {
        var characters = 0L;
        for (; failure is not null; failure = failure.Inner)
        {
            characters += Overhead + failure.TypeName.Length + failure.AssemblyName.Length + failure.Message.Length + (failure.StackTrace?.Length ?? 0);
            foreach (var (key, value) in failure.Data.IsDefault ? [] : failure.Data)
                characters += Overhead + key.Length + value.Length;
        }

        return (int)Math.Min(characters * CharacterLength, LargestPayload + 1);
    }

    private static string Short(string text) => text.Length > ShortText ? text[..ShortText] : text;
}
