namespace Actors.Messages.Objects;

/// <summary>
/// The way from a proxy to its managed object: actor messages in a client, the socket in an executor. Safe for any number of threads.
/// </summary>
public interface IObjectChannel
{
    /// <summary>Names the coordinator that owns the objects reached this way: an object can only be passed to a pool of the same one.</summary>
    string Home { get; }

    /// <summary>Sends the call (its <see cref="ObjectCall.Call"/> is chosen here) and waits for the answer without blocking.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled: the call is withdrawn.</exception>
    ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        System.Collections.Immutable.ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken);

    /// <summary>As <see cref="CallAsync"/>, blocking the calling thread.</summary>
    ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        System.Collections.Immutable.ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken);

    /// <summary>Sends what is not answered; it arrives before every call made after it.</summary>
    void Tell(ObjectId target, ObjectOperation operation, System.Collections.Immutable.ImmutableArray<ReadOnlyMemory<byte>> payloads);
}

/// <summary>Where a proxy that arrives by value finds its channel.</summary>
public static class ObjectChannel
{
    private static IObjectChannel? _ofProcess;

    [ThreadStatic]
    private static IObjectChannel? _ofRead;

    /// <summary>The channel for proxies read on this thread now; null where there is none.</summary>
    internal static IObjectChannel? Current => _ofRead ?? _ofProcess;

    /// <summary>In an executor: every proxy goes through its socket.</summary>
    internal static void UseForProcess(IObjectChannel channel) => _ofProcess = channel;

    /// <summary>In a client: what is read on this thread until the next call belongs to this channel.</summary>
    /// <returns>What was used before.</returns>
    internal static IObjectChannel? UseForThread(IObjectChannel? channel)
    {
        var before = _ofRead;
        _ofRead = channel;
        return before;
    }
}
