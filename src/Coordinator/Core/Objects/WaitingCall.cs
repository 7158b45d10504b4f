using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>A call that waits for its turn.</summary>
public sealed class WaitingCall(Caller caller, ObjectCall call, TimeSpan now)
{
    public Caller Caller => caller;

    public ObjectCall Call => call;

    /// <summary>The time at which the call stops waiting.</summary>
    public TimeSpan Deadline { get; init; } = GetDeadline(call, now);

    /// <summary>The number of items that a waiting put has stored. Items are stored as capacity appears.</summary>
    public int DoneCount { get; set; }

    /// <summary>The position in the queue of calls, which orders calls with the same deadline.</summary>
    public long Position { get; set; }

    /// <summary>The condition wait that this call started as. Null for a plain acquire.</summary>
    public NotifiableWait? Wait { get; set; }

    public bool IsCall(Caller other, long number) => caller == other && call.Call == number;

    /// <summary>Creates the same call without a deadline.</summary>
    public WaitingCall WithoutDeadline() => new(caller, call with { TimeoutMilliseconds = -1 }, TimeSpan.Zero) { Wait = Wait };

    private static TimeSpan GetDeadline(ObjectCall call, TimeSpan now) => call.TimeoutMilliseconds switch
    {
        < 0 => TimeSpan.MaxValue,
        var timeout when timeout > TimeSpan.MaxValue.TotalMilliseconds / 4 => TimeSpan.MaxValue,
        var timeout => now + TimeSpan.FromMilliseconds(timeout),
    };
}
