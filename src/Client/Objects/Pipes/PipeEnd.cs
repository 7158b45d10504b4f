using System.Collections.Immutable;
using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// One end of a pipe, as the <c>Connection</c> that Python's <c>Pipe()</c> gives. Messages keep their boundaries and their order. Pass an
/// end as an argument or send it through another pipe: it arrives as a working end. A process uses an end that it was given, and one that
/// it made from its first call on it; the end is closed, for good, when the last process that uses it has died or closed it. Thread-safe.
/// Where the
/// manager is reached over the network (a cluster, a served manager), a message holds at most 12 MiB; otherwise its size is limited by
/// memory alone.
/// Times are waited for in whole milliseconds.
/// </summary>
/// <typeparam name="T">What travels through it, by value.</typeparam>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed partial class PipeEnd<T> : ICarried<PipeEnd<T>>, IPollable, IDisposable
{
    private readonly ObjectProxy _proxy;
    private readonly int _end;
    private volatile bool _isPassedOn;
    private int _isClosed;

    internal PipeEnd(ObjectProxy proxy, int end, bool canReceive, bool canSend)
    {
        _proxy = proxy;
        _end = end;
        CanReceive = canReceive;
        CanSend = canSend;
    }

    /// <summary>Whether messages can be received here, as Python's <c>readable</c>.</summary>
    public bool CanReceive { get; }

    /// <summary>Whether messages can be sent from here, as Python's <c>writable</c>.</summary>
    public bool CanSend { get; }

    /// <summary>Whether this end was closed by this object, as Python's <c>closed</c>.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>Sends a value, as Python's <c>send(obj)</c>. Waits while the other end has 1 MiB or more unread. Blocks the thread.</summary>
    /// <exception cref="IOException">The other end is closed, as Python's <c>BrokenPipeError</c>.</exception>
    /// <exception cref="InvalidOperationException">The end only receives.</exception>
    /// <exception cref="PayloadTooLargeException">The value is larger than a message may be.</exception>
    public void Send(T value, CancellationToken cancellationToken = default) => SendPayload(Encode(value), cancellationToken);

    /// <inheritdoc cref="Send"/>
    public Task SendAsync(T value, CancellationToken cancellationToken = default) => SendPayloadAsync(Encode(value), cancellationToken);

    /// <summary>Sends bytes as they are, as Python's <c>send_bytes()</c>; <see cref="ReceiveBytes(int, CancellationToken)"/> gives
    /// them.</summary>
    /// <inheritdoc cref="Send"/>
    public void SendBytes(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        SendPayload(bytes.ToArray(), cancellationToken);

    /// <inheritdoc cref="SendBytes"/>
    public Task SendBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        SendPayloadAsync(bytes.ToArray(), cancellationToken);

    /// <summary>Receives the next value, waiting for one, as Python's <c>recv()</c>. Blocks the thread.</summary>
    /// <exception cref="EndOfStreamException">The other end is closed and everything that it sent was received.</exception>
    /// <exception cref="InvalidOperationException">The end only sends.</exception>
    public T Receive(CancellationToken cancellationToken = default) =>
        _proxy.Decode<T>(Taken(Call(ObjectOperation.PipeReceive, null, _end, cancellationToken), 0));

    /// <inheritdoc cref="Receive"/>
    public async Task<T> ReceiveAsync(CancellationToken cancellationToken = default) =>
        _proxy.Decode<T>(Taken(await CallAsync(ObjectOperation.PipeReceive, null, _end, cancellationToken).ConfigureAwait(false), 0));

    /// <summary>Whether there is something to receive within the timeout, the end of file included, as Python's <c>poll(timeout)</c>.</summary>
    /// <param name="timeout">How long to wait; zero is not at all, <see cref="Timeout.InfiniteTimeSpan"/> is for ever.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public bool Poll(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        Opened(Call(ObjectOperation.PipePoll, timeout, _end, cancellationToken)).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="Poll"/>
    public async Task<bool> PollAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        Opened(await CallAsync(ObjectOperation.PipePoll, timeout, _end, cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    /// <summary>Ends this process's use of the end, as Python's <c>close()</c>. Where the end was passed on from here it stays open for whom it was passed to.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            _proxy.Call(ObjectOperation.PipeClose, null, _end, PassedOn, default);
    }

    /// <inheritdoc cref="Close"/>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            await _proxy.CallAsync(ObjectOperation.PipeClose, null, _end, PassedOn, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="Close"/>. Does nothing when the pipe or its coordinator is gone.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            _proxy.GiveBack(ObjectOperation.PipeClose, _end, PassedOn);
    }

    void ICarried<PipeEnd<T>>.Write(ref ValueWriter writer)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        _isPassedOn = true;
        _proxy.Write(ref writer);
        writer.Write(_end);
        writer.Write(CanReceive);
        writer.Write(CanSend);
    }

    static PipeEnd<T> ICarried<PipeEnd<T>>.Read(ref ValueReader reader)
    {
        var (proxy, end) = (ObjectProxy.Read(ref reader), reader.Read<int>());
        // Before user code has it: were its process to die before its first call, the other end would wait for ever.
        proxy.Tell(ObjectOperation.PipeOpen, end);
        return new PipeEnd<T>(proxy, end, reader.Read<bool>(), reader.Read<bool>());
    }

    private ImmutableArray<ReadOnlyMemory<byte>> PassedOn => _isPassedOn ? [new byte[1]] : [];

    private ReadOnlyMemory<byte> Encode(T value)
    {
        RequireSend();
        return _proxy.Encode(value);
    }

    private void SendPayload(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        RequireSend();
        RequireSent(_proxy.Call(ObjectOperation.PipeSend, null, _end, [payload], cancellationToken));
    }

    private async Task SendPayloadAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        RequireSend();
        RequireSent(await _proxy.CallAsync(ObjectOperation.PipeSend, null, _end, [payload], cancellationToken).ConfigureAwait(false));
    }

    private ObjectReply Call(ObjectOperation operation, TimeSpan? timeout, long number, CancellationToken cancellationToken)
    {
        RequireReceive();
        return _proxy.Call(operation, timeout, number, [], cancellationToken);
    }

    private async Task<ObjectReply> CallAsync(ObjectOperation operation, TimeSpan? timeout, long number, CancellationToken cancellationToken)
    {
        RequireReceive();
        return await _proxy.CallAsync(operation, timeout, number, [], cancellationToken).ConfigureAwait(false);
    }

    private void RequireSend()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        if (!CanSend)
            throw new InvalidOperationException("This end of the pipe only receives.");
    }

    private void RequireReceive()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        if (!CanReceive)
            throw new InvalidOperationException("This end of the pipe only sends.");
    }

    private static void RequireSent(ObjectReply reply)
    {
        if (Opened(reply).Status != ObjectStatus.Ok)
            throw new IOException("The other end of the pipe is closed.");
    }

    private static ReadOnlyMemory<byte> Taken(ObjectReply reply, long limit) => Opened(reply).Status switch
    {
        ObjectStatus.Ok => reply.Payloads[0],
        ObjectStatus.OutOfBounds => throw new MessageTooLongException(reply.Number, limit),
        _ => throw new EndOfStreamException("The other end of the pipe is closed, and everything that it sent was received."),
    };

    private static ObjectReply Opened(ObjectReply reply) => reply.Status == ObjectStatus.NotHeld
        ? throw new ObjectDisposedException(nameof(PipeEnd<T>), "This end of the pipe was closed.")
        : reply;
}
