using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>
/// What a managed object decides, without actors and without a clock: callers are numbers, the time is passed in, and every effect is
/// an answer added to the list given. Not safe for several threads: its actor is the only one who calls.
/// </summary>
internal interface IManagedObjectState
{
    /// <summary>When <see cref="TimePassed"/> has something to do; null when no call waits with a limit.</summary>
    TimeSpan? NextDeadline { get; }

    /// <summary>A caller asks for something: answered now or, when it has to wait, by a later method.</summary>
    /// <param name="caller">The caller's process.</param>
    /// <param name="call">What it asks.</param>
    /// <param name="now">The time, on the clock that <see cref="NextDeadline"/> is read on.</param>
    /// <param name="answers">Takes what is to be sent.</param>
    void Call(long caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers);

    /// <summary>The caller has the answer to this call in hand: what it was given is its own.</summary>
    void Received(long caller, long call);

    /// <summary>The caller gave this call up. What the call was given and the caller did not confirm is taken back.</summary>
    void Abandoned(long caller, long call, List<ObjectAnswer> answers);

    /// <summary>The caller's process is gone: its waiting calls end unanswered, what it had not confirmed is taken back.</summary>
    void CallerDied(long caller, List<ObjectAnswer> answers);

    /// <summary>Ends the waiting calls whose deadline is at or before <paramref name="now"/>.</summary>
    void TimePassed(TimeSpan now, List<ObjectAnswer> answers);

    /// <summary>The object ends: every waiting call is answered with <see cref="ObjectStatus.NoSuchObject"/>.</summary>
    void End(List<ObjectAnswer> answers);
}
