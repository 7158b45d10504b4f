using System.Collections.Immutable;

namespace Actors.Messages.Objects;

/// <summary>
/// Sends calls of proxies to managed objects: by actor messages in a client, through the socket in a worker. Thread-safe.
/// </summary>
public interface IObjectChannel
{
    /// <summary>The coordinator that owns the objects of this channel. A proxy can be passed only to pools of that coordinator.</summary>
    string Owner { get; }

    /// <summary>
    /// The owners of all objects that a receiver of a proxy from this channel can call: the owner of this channel first, then those of the
    /// outer coordinators, if a worker has started this coordinator for its own workers.
    /// </summary>
    ImmutableArray<string> Owners => [Owner];

    /// <summary>The process that the channel belongs to, if several share this one in a simulation; null for this process.</summary>
    object? Process => null;

    /// <summary>The clock that measures the timeouts of calls. In a simulation it is that of the objects.</summary>
    TimeProvider Clock => TimeProvider.System;

    /// <summary>
    /// Gets the channel to durable objects, or to the objects of an outer coordinator; null if there is none for this owner.
    /// </summary>
    IObjectChannel? FindChannel(string owner) => null;

    /// <summary>Sends a call and waits for the reply without blocking. The channel chooses <see cref="ObjectCall.Call"/>.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled, and the call is withdrawn.</exception>
    ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken);

    /// <summary>Like <see cref="CallAsync"/>, but blocks the calling thread.</summary>
    ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken);

    /// <summary>Sends a message without a reply. It arrives before all later calls.</summary>
    void SendOneWay(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads);
}

/// <summary>Provides the channel of a proxy that is being read.</summary>
public static class ObjectChannel
{
    [ThreadStatic]
    private static IObjectChannel? _ofThread;

    /// <summary>In a worker: the channel for processes that it starts; null elsewhere.</summary>
    public static IOuterObjects? Outer { get; private set; }

    /// <summary>In a worker: its socket; null elsewhere.</summary>
    public static IObjectChannel? OfProcess { get; private set; }

    /// <summary>Gets the channel for a proxy that is read on this thread; null if no channel reaches its owner.</summary>
    public static IObjectChannel? FindForOwner(string owner)
    {
        if (_ofThread is { } ofRead && (ofRead.Owner == owner ? ofRead : ofRead.FindChannel(owner)) is { } found)
            return found;
        return OfProcess is { } ofProcess && ofProcess.Owner != owner ? ofProcess.FindChannel(owner) : OfProcess;
    }

    /// <summary>In a worker: sets the channel of all proxies.</summary>
    public static void UseForProcess(IObjectChannel channel, IOuterObjects outer) => (OfProcess, Outer) = (channel, outer);

    /// <summary>In a client: sets the channel for proxies that are read on this thread until the next call.</summary>
    /// <returns>The previous channel.</returns>
    public static IObjectChannel? UseForThread(IObjectChannel? channel)
    {
        var before = _ofThread;
        _ofThread = channel;
        return before;
    }
}
