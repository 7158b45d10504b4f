using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>A call that has to wait for its turn.</summary>
internal sealed class WaitingCall(Caller caller, ObjectCall call, TimeSpan now)
{
    public Caller Caller => caller;

    public ObjectCall Call => call;

    /// <summary>When it stops waiting.</summary>
    public TimeSpan Deadline { get; init; } = call.TimeoutMilliseconds < 0 || call.TimeoutMilliseconds > TimeSpan.MaxValue.TotalMilliseconds / 4
        ? TimeSpan.MaxValue
        : now + TimeSpan.FromMilliseconds(call.TimeoutMilliseconds);

    /// <summary>How much of it has been done: a put of several items goes in as room appears.</summary>
    public int DoneCount { get; set; }

    /// <summary>Its place in the line, which tells calls of the same deadline apart.</summary>
    public long Position { get; set; }

    /// <summary>The wait on a condition that it is, or was before it came to wait for the lock.</summary>
    public ConditionWait? Wait { get; set; }

    public bool IsCall(Caller other, long number) => caller == other && call.Call == number;

    /// <summary>The same call, from now on for as long as it takes.</summary>
    public WaitingCall WithoutDeadline() => new(caller, call with { TimeoutMilliseconds = -1 }, TimeSpan.Zero) { Wait = Wait };
}
