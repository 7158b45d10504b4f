using System.Collections.Immutable;

namespace Actors.Messages.Objects;

/// <summary>
/// The way from a proxy to its managed object: actor messages in a client, the socket in an executor. Safe for any number of threads.
/// </summary>
public interface IObjectChannel
{
    /// <summary>Names the coordinator that owns the objects reached this way: an object can only be passed to a pool of the same one.</summary>
    string Owner { get; }

    /// <summary>
    /// Whose objects whoever gets a proxy this way can call: this way's own, first, and those of the coordinators around it, when it is one that a
    /// worker has started for workers of its own.
    /// </summary>
    ImmutableArray<string> Owners => [Owner];

    /// <summary>The way to durable objects, or through this one to the objects of a coordinator around it; null when there is none of this name.</summary>
    IObjectChannel? FindChannel(string home) => null;

    /// <summary>Sends the call (its <see cref="ObjectCall.Call"/> is chosen here) and waits for the answer without blocking.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled: the call is withdrawn.</exception>
    ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken);

    /// <summary>As <see cref="CallAsync"/>, blocking the calling thread.</summary>
    ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken);

    /// <summary>Sends what is not answered; it arrives before every call made after it.</summary>
    void SendOneWay(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads);
}

/// <summary>Where a proxy that arrives by value finds its channel.</summary>
public static class ObjectChannel
{
    [ThreadStatic]
    private static IObjectChannel? _ofThread;

    /// <summary>In an executor: the way for the workers that it starts itself; null elsewhere.</summary>
    internal static IOuterObjects? Outer { get; private set; }

    /// <summary>In an executor: its socket; null elsewhere.</summary>
    internal static IObjectChannel? OfProcess { get; private set; }

    /// <summary>The channel that a proxy takes which is read on this thread now; null where there is none to its home.</summary>
    internal static IObjectChannel? FindForOwner(string home)
    {
        if (_ofThread is { } ofRead && (ofRead.Owner == home ? ofRead : ofRead.FindChannel(home)) is { } found)
            return found;
        return OfProcess is { } ofProcess && ofProcess.Owner != home ? ofProcess.FindChannel(home) : OfProcess;
    }

    /// <summary>In an executor: every proxy goes through its socket.</summary>
    internal static void UseForProcess(IObjectChannel channel, IOuterObjects outer) => (OfProcess, Outer) = (channel, outer);

    /// <summary>In a client: what is read on this thread until the next call belongs to this channel.</summary>
    /// <returns>What was used before.</returns>
    internal static IObjectChannel? UseForThread(IObjectChannel? channel)
    {
        var before = _ofThread;
        _ofThread = channel;
        return before;
    }
}
