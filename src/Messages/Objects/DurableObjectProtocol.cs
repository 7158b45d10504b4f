using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Objects;

/// <summary>
/// The protocol of caller and durable object. The object can move between coordinators, and any message can be lost. So the caller
/// numbers its calls, stores each until it is settled, and repeatedly reports the ones it waits for. The object recognizes executed
/// calls by their numbers.
/// <code>
/// CallDurableObject    ─▶
///                      ◀─  DurableObjectReply      after the effect is stored
/// DurableReplyReceived ─▶                          the reply has arrived; its items are not delivered again
/// CallerHeartbeat      ─▶                          every half second: open and settled calls
///                      ◀─  CallerHeartbeatReply    calls that never arrived, to be sent again
/// </code>
/// </summary>
public static partial class DurableObjectProtocol
{
    /// <summary>A message to a durable object.</summary>
    public interface ICallerMessage : IWireMessage
    {
        /// <summary>The object.</summary>
        ObjectId Object { get; }

        /// <summary>The caller.</summary>
        CallerId Caller { get; }
    }

    /// <summary>A message from a durable object.</summary>
    public interface IObjectMessage : IWireMessage
    {
        /// <summary>The object.</summary>
        ObjectId Object { get; }

        /// <summary>The caller.</summary>
        CallerId Caller { get; }
    }

    /// <summary>A call, possibly sent again. It is executed after all earlier calls of the caller.</summary>
    /// <param name="Object">The object.</param>
    /// <param name="Caller">The caller.</param>
    /// <param name="Settled">The first call number that is not settled; lower ones need not be remembered.</param>
    /// <param name="Call">The call. The caller numbers its calls of an object from 1, in the order of sending.</param>
    [WireContract("d.ask", PermittedSenders.Both)]
    [MemoryPackable]
    public sealed partial record CallDurableObject(ObjectId Object, CallerId Caller, long Settled, ObjectCall Call) : ICallerMessage;

    /// <summary>The caller has received the reply to a call.</summary>
    [WireContract("d.received", PermittedSenders.Both)]
    [MemoryPackable]
    public sealed partial record DurableReplyReceived(ObjectId Object, CallerId Caller, long Call) : ICallerMessage;

    /// <summary>The caller no longer waits for a call. Items for it return to the object.</summary>
    [WireContract("d.abandoned", PermittedSenders.Both)]
    [MemoryPackable]
    public sealed partial record DurableCallAbandoned(ObjectId Object, CallerId Caller, long Call) : ICallerMessage;

    /// <summary>Reports that the caller is alive, and the state of its calls. Answered by <see cref="CallerHeartbeatReply"/>.</summary>
    /// <param name="Object">The object.</param>
    /// <param name="Caller">The caller.</param>
    /// <param name="Number">The number of this message, which the reply repeats.</param>
    /// <param name="Last">The last call that was sent. Calls up to it that no list contains are settled.</param>
    /// <param name="Overdue">The calls that have had no reply for a while.</param>
    /// <param name="Open">The calls that were just sent, and those whose reply has arrived but not been acknowledged.</param>
    /// <param name="AbandonedCalls">The abandoned calls.</param>
    /// <param name="IsLeaving">Whether the caller is dead or no longer uses the object. Unacknowledged items return to the object.</param>
    [WireContract("d.here", PermittedSenders.Both)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CallerHeartbeat(
        ObjectId Object, CallerId Caller, long Number, long Last, ImmutableArray<CallRange> Overdue, ImmutableArray<CallRange> Open,
        ImmutableArray<CallRange> AbandonedCalls, bool IsLeaving) : ICallerMessage;

    /// <summary>The reply to a call. Its effect is stored.</summary>
    [WireContract("d.answer", PermittedSenders.Coordinator)]
    [MemoryPackable]
    public sealed partial record DurableObjectReply(ObjectId Object, CallerId Caller, ObjectReply Reply) : IObjectMessage;

    /// <summary>The reply to <see cref="CallerHeartbeat"/>. The reported state is stored.</summary>
    /// <param name="Object">The object.</param>
    /// <param name="Caller">The caller.</param>
    /// <param name="Number">The number of the heartbeat.</param>
    /// <param name="Unknown">The overdue calls that never arrived.</param>
    [WireContract("d.heard", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CallerHeartbeatReply(
        ObjectId Object, CallerId Caller, long Number, ImmutableArray<CallRange> Unknown) : IObjectMessage;

    /// <summary>The object cannot be read or written at its coordinator. It may become available there or at another one.</summary>
    [WireContract("d.interrupted", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record DurableObjectInterrupted(ObjectId Object, CallerId Caller, string Reason) : IObjectMessage;
}

/// <summary>A range of call numbers, both ends included.</summary>
public readonly record struct CallRange(long First, long Last)
{
    /// <summary>Creates ranges from numbers in ascending order.</summary>
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

    /// <summary>Gets the least number in the ranges that is not less than <paramref name="number"/>; null for none.</summary>
    public static long? FirstFrom(ImmutableArray<CallRange> ranges, long number)
    {
        foreach (var range in ranges)
        {
            if (range.Last >= number)
                return Math.Max(range.First, number);
        }

        return null;
    }

    /// <summary>Whether one of the ascending ranges contains the number.</summary>
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
