using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>A call that could not be answered at once.</summary>
internal sealed class WaitingCall(CallKey key, ObjectCall call, TimeSpan deadline, long order)
{
    /// <summary>Whose call it is.</summary>
    internal CallKey Key { get; } = key;

    /// <summary>What is asked.</summary>
    internal ObjectCall Call { get; } = call;

    /// <summary>When it ends unfulfilled; <see cref="TimeSpan.MaxValue"/> is never.</summary>
    internal TimeSpan Deadline { get; } = deadline;

    /// <summary>Its place: calls that came earlier have less.</summary>
    internal long Order { get; } = order;

    /// <summary>How many of its values have been put.</summary>
    internal int Put { get; set; }
}
