using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>Compares the state with a caller's own view of its calls.</summary>
public sealed partial class DurableObjectState
{
    /// <summary>Gets the existing answers to overdue calls of a caller. They may have been lost.</summary>
    public List<ObjectReply> GetAnswers(DurableObjectProtocol.CallerHeartbeat here) =>
    [
        .. (FindCaller(here.Caller)?.Calls.All ?? [])
            .Where(call => call.Value is not null && CallRange.Contains(here.Overdue, call.Key))
            .Select(call => call.Value!),
    ];

    /// <summary>
    /// Gets the overdue calls of a caller that have not arrived, and the recent ones that arrived before an earlier call: they were not
    /// applied. A caller that abandons each call soon would otherwise never get an answer after the loss of one message.
    /// </summary>
    public ImmutableArray<CallRange> GetUnknown(DurableObjectProtocol.CallerHeartbeat here)
    {
        var next = FindCaller(here.Caller)?.NextCall ?? 0;
        return
        [
            .. here.Overdue.Concat(here.Open).Where(range => range.Last >= next)
                .Select(range => range with { First = Math.Max(range.First, next) }).OrderBy(range => range.First),
        ];
    }

    /// <summary>
    /// Gets the commands that follow from a comparison: received, abandoned and skipped calls, and the end of the caller.
    /// </summary>
    public List<ObjectCommand> GetCommands(DurableObjectProtocol.CallerHeartbeat here, long at)
    {
        var commands = new List<ObjectCommand>();
        if (FindCaller(here.Caller) is not { } caller)
            return commands;
        foreach (var (call, answer) in caller.Calls.All)
        {
            if (call > here.Last || CallRange.Contains(here.Overdue, call) || CallRange.Contains(here.Open, call))
                continue;
            var isReceived = answer is not null && !CallRange.Contains(here.AbandonedCalls, call);
            var kind = isReceived ? ObjectCommandKind.Received : ObjectCommandKind.Abandoned;
            commands.Add(ObjectCommand.WithoutCall(kind, here.Caller, call, at));
        }

        var next = GetEarlier(
            CallRange.FirstFrom(here.Overdue, caller.NextCall), CallRange.FirstFrom(here.Open, caller.NextCall)) ?? here.Last + 1;
        if (next > caller.NextCall)
        {
            var skip = ObjectCommand.WithoutCall(ObjectCommandKind.Skipped, here.Caller, next, at);
            commands.Add(skip with { Settled = caller.Settled, Number = caller.NextCall });
        }

        // Delayed messages with its calls may still arrive. They are not applied any more.
        if (here.IsLeaving)
            commands.Add(ObjectCommand.WithoutCall(ObjectCommandKind.Died, here.Caller, 0, at) with { Settled = here.Last + 1 });
        return commands;
    }

    private static long? GetEarlier(long? left, long? right) => left is null || right < left ? right ?? left : left;
}
