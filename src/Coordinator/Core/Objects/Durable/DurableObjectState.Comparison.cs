using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>What follows from what a caller says of its calls.</summary>
internal sealed partial class DurableObjectState
{
    /// <summary>The answers that a caller waits for and that there are: they may have been lost.</summary>
    public List<ObjectReply> AnswersTo(DurableObjectProtocol.CallerHeartbeat here) =>
        [.. (Find(here.Caller)?.Calls ?? []).Where(call => call.Value is not null && CallRange.Contains(here.Overdue, call.Key)).Select(call => call.Value!)];

    /// <summary>The overdue calls of a caller that have not come.</summary>
    public ImmutableArray<CallRange> Unknown(DurableObjectProtocol.CallerHeartbeat here)
    {
        var next = Find(here.Caller)?.Next ?? 0;
        return [.. here.Overdue.Where(range => range.Last >= next).Select(range => range with { First = Math.Max(range.First, next) })];
    }

    /// <summary>What follows from what a caller says of its calls: what it has received, and what it does not wait for.</summary>
    public List<ObjectCommand> Compare(DurableObjectProtocol.CallerHeartbeat here, long at)
    {
        var commands = new List<ObjectCommand>();
        if (Find(here.Caller) is not { } caller)
            return commands;
        foreach (var (call, answer) in caller.Calls)
        {
            if (call > here.Last || CallRange.Contains(here.Overdue, call) || CallRange.Contains(here.Open, call))
                continue;
            var isReceived = answer is not null && !CallRange.Contains(here.AbandonedCalls, call);
            commands.Add(ObjectCommand.WithoutCall(isReceived ? ObjectCommandKind.Received : ObjectCommandKind.Abandoned, here.Caller, call, at));
        }

        var next = Earlier(CallRange.FirstFrom(here.Overdue, caller.Next), CallRange.FirstFrom(here.Open, caller.Next)) ?? here.Last + 1;
        if (next > caller.Next)
            commands.Add(ObjectCommand.WithoutCall(ObjectCommandKind.Skipped, here.Caller, next, at) with { Settled = caller.Settled, Number = caller.Next });
        // Its calls may yet come, by a way that was given up: they are not done again.
        if (here.IsLeaving)
            commands.Add(ObjectCommand.WithoutCall(ObjectCommandKind.Died, here.Caller, 0, at) with { Settled = here.Last + 1 });
        return commands;
    }

    private static long? Earlier(long? left, long? right) => left is null || right < left ? right ?? left : left;
}
