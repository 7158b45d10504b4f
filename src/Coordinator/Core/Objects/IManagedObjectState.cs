using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>
/// The state of a kind of managed object. Has no actor and no clock: calls come in with the time, answers go out. A call that waits is
/// answered by a later call, by <see cref="ExpireCalls"/> or by the removal of a caller. Every call is answered exactly once, unless its
/// caller abandons it or dies.
/// </summary>
public interface IManagedObjectState
{
    /// <summary>When <see cref="ExpireCalls"/> must be called next. Null for never.</summary>
    TimeSpan? NextDeadline { get; }

    /// <summary>The bytes of the values and permits in the object, approximately. 0 for a kind of object without these.</summary>
    long Size => 0;

    /// <summary>The figures of a queue or a lock. Empty for another kind.</summary>
    ObjectFigures Figures => default;

    /// <summary>Handles a call.</summary>
    void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers);

    /// <summary>Confirms that the caller has received the answer.</summary>
    void ConfirmReceipt(Caller caller, long call);

    /// <summary>Abandons a call. An answer that is on its way is not wanted.</summary>
    void AbandonCall(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers);

    /// <summary>Removes a caller whose process has ended.</summary>
    void RemoveCaller(Caller caller, TimeSpan now, List<ObjectAnswer> answers);

    /// <summary>Answers the calls whose deadline has passed.</summary>
    void ExpireCalls(TimeSpan now, List<ObjectAnswer> answers);

    /// <summary>Answers all waiting calls, because the object is removed.</summary>
    void EndAllCalls(List<ObjectAnswer> answers);
}
