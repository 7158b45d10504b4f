using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Objects;

/// <summary>
/// Caller and durable object. The object may be at one coordinator now and at another next, and what is between may be lost at any time: so the caller keeps
/// each call until it is settled, numbers them, and says again and again which ones it waits for; the object knows what it has done by these numbers.
/// <code>
/// Ask            ─▶
///                ◀─  Answer               when what was done is written
/// Received       ─▶                       the answer is in hand: what it gave will not be given again
/// Here           ─▶                       every half second: what is open, what is not
///                ◀─  Heard                and what of it the object has not heard of, to be asked again
/// </code>
/// </summary>
public static partial class DurableObjectProtocol
{
    /// <summary>To a durable object.</summary>
    public interface ICallerMessage : IWireMessage
    {
        /// <summary>Which one.</summary>
        ObjectId Object { get; }

        /// <summary>Who says it.</summary>
        CallerId Caller { get; }
    }

    /// <summary>From a durable object.</summary>
    public interface IObjectMessage : IWireMessage
    {
        /// <summary>Which one.</summary>
        ObjectId Object { get; }

        /// <summary>To whom.</summary>
        CallerId Caller { get; }
    }

    /// <summary>A call, perhaps again. It is done when those before it have been, so that they are done in their order.</summary>
    /// <param name="Object">Of what.</param>
    /// <param name="Caller">By whom.</param>
    /// <param name="Settled">The calls of lower numbers need not be remembered.</param>
    /// <param name="Call">The call. The caller counts its calls of an object up from 1, in the order in which it sends them.</param>
    [MemoryPackable]
    public sealed partial record CallDurableObject(ObjectId Object, CallerId Caller, long Settled, ObjectCall Call) : ICallerMessage;

    /// <summary>The answer to the call is in hand.</summary>
    [MemoryPackable]
    public sealed partial record DurableReplyReceived(ObjectId Object, CallerId Caller, long Call) : ICallerMessage;

    /// <summary>The call is not waited for any more; what it would give goes back.</summary>
    [MemoryPackable]
    public sealed partial record DurableCallAbandoned(ObjectId Object, CallerId Caller, long Call) : ICallerMessage;

    /// <summary>The caller lives, and this is how things are between it and the object. Answered by <see cref="CallerHeartbeatReply"/>.</summary>
    /// <param name="Object">Which.</param>
    /// <param name="Caller">Who.</param>
    /// <param name="Number">To be repeated in the answer.</param>
    /// <param name="Last">The last call that was sent; those up to it that are named nowhere here are settled.</param>
    /// <param name="Overdue">Calls without an answer for a while.</param>
    /// <param name="Open">Calls that have been sent just now, and those whose answer is in hand but not yet received.</param>
    /// <param name="AbandonedCalls">Calls that are not waited for any more.</param>
    /// <param name="IsLeaving">The caller is dead, or has no more to do with the object: what it was given and has not received goes back.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CallerHeartbeat(
        ObjectId Object, CallerId Caller, long Number, long Last, ImmutableArray<CallRange> Overdue, ImmutableArray<CallRange> Open,
        ImmutableArray<CallRange> AbandonedCalls, bool IsLeaving) : ICallerMessage;

    /// <summary>The answer to a call; what it says is written.</summary>
    [MemoryPackable]
    public sealed partial record DurableObjectReply(ObjectId Object, CallerId Caller, ObjectReply Reply) : IObjectMessage;

    /// <summary>What <see cref="CallerHeartbeat"/> said is known and written.</summary>
    /// <param name="Object">By whom.</param>
    /// <param name="Caller">To whom.</param>
    /// <param name="Number">That of the word.</param>
    /// <param name="Unknown">Overdue calls that were never heard of.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CallerHeartbeatReply(
        ObjectId Object, CallerId Caller, long Number, ImmutableArray<CallRange> Unknown) : IObjectMessage;

    /// <summary>The object cannot be read or written where it is. It may be found again, there or elsewhere.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record DurableObjectInterrupted(ObjectId Object, CallerId Caller, string Reason) : IObjectMessage;
}

/// <summary>Calls from one number to another, both included.</summary>
public readonly record struct CallRange(long First, long Last)
{
    /// <summary>Numbers in ascending order as ranges.</summary>
    public static ImmutableArray<CallRange> FromNumbers(IEnumerable<long> numbers)
    {
        var ranges = ImmutableArray.CreateBuilder<CallRange>();
        foreach (var number in numbers)
        {
            if (ranges.Count > 0 && ranges[^1].Last == number - 1)
                ranges[^1] = ranges[^1] with { Last = number };
            else
                ranges.Add(new CallRange(number, number));
        }

        return ranges.DrainToImmutable();
    }

    /// <summary>The least number in the ranges that is not less; null when there is none.</summary>
    public static long? FirstFrom(ImmutableArray<CallRange> ranges, long number)
    {
        foreach (var range in ranges)
        {
            if (range.Last >= number)
                return Math.Max(range.First, number);
        }

        return null;
    }

    /// <summary>Whether any of the ranges, which ascend, has the number.</summary>
    public static bool Contains(ImmutableArray<CallRange> ranges, long number)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (number < ranges[middle].First)
                high = middle - 1;
            else if (number > ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }
}
