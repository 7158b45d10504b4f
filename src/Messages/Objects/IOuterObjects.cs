namespace Actors.Messages.Objects;

/// <summary>
/// What a worker that has workers of its own does for them: passes their calls on to the managed objects that it reaches itself. Each of them
/// stays a caller of its own, whose locks are freed when it dies. Thread-safe.
/// </summary>
public interface IOuterObjects
{
    /// <summary>A caller comes.</summary>
    /// <param name="onReply">Gets its answers, on any thread.</param>
    /// <returns>Its number.</returns>
    long OpenCaller(Action<ObjectReply> onReply);

    /// <summary>Passes on an <see cref="ObjectCall"/>, <see cref="ObjectReplyReceived"/> or <see cref="ObjectCallAbandoned"/> of the caller.</summary>
    void ForwardMessage(long caller, IWireMessage message);

    /// <summary>The caller has died.</summary>
    void CloseCaller(long caller);
}
