namespace Actors.Messages.Objects;

/// <summary>
/// Forwards calls of processes that a worker has started to the managed objects that the worker can reach. Each process is a caller of its
/// own, whose locks are released when it dies. Thread-safe.
/// </summary>
public interface IOuterObjects
{
    /// <summary>Adds a caller.</summary>
    /// <param name="onReply">Receives the replies, on any thread.</param>
    /// <returns>The number of the caller.</returns>
    long OpenCaller(Action<ObjectReply> onReply);

    /// <summary>
    /// Forwards an <see cref="ObjectCall"/>, <see cref="ObjectReplyReceived"/> or <see cref="ObjectCallAbandoned"/> of a caller.
    /// </summary>
    void ForwardMessage(long caller, IWireMessage message);

    /// <summary>Removes a caller that has died.</summary>
    void CloseCaller(long caller);
}
