using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>
/// What a kind of managed object decides. Knows no actor and no clock: calls with the time come in, answers go out. A call that has to
/// wait is answered later, by another call, by <see cref="ExpireCalls"/> or by a caller's death; every call is answered exactly once, or its
/// caller has given it up or is dead.
/// </summary>
internal interface IManagedObjectState
{
    /// <summary>When <see cref="ExpireCalls"/> has something to do next; null for never.</summary>
    TimeSpan? NextDeadline { get; }

    /// <summary>A caller asks for something.</summary>
    void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers);

    /// <summary>The caller has the answer in hand.</summary>
    void ConfirmReceipt(Caller caller, long call);

    /// <summary>The caller gave the call up; an answer that was on its way is not wanted.</summary>
    void AbandonCall(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers);

    /// <summary>The caller's process is gone.</summary>
    void RemoveCaller(Caller caller, TimeSpan now, List<ObjectAnswer> answers);

    /// <summary>Time has passed: calls that have waited long enough are answered.</summary>
    void ExpireCalls(TimeSpan now, List<ObjectAnswer> answers);

    /// <summary>The object is removed: whoever waits is told.</summary>
    void EndAllCalls(List<ObjectAnswer> answers);
}
