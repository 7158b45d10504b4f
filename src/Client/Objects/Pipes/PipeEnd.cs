using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// One end of a pipe, as the <c>Connection</c> of Python's <c>Pipe()</c>. Messages keep their boundaries and order. A worker that receives
/// an end, as an argument or through another pipe, gets a working end. A process uses an end from its receipt or, for one that it created,
/// from its first call on it. The end is closed permanently when the last process that uses it has died or closed it. When the manager is
/// reached over the network (a cluster or a served manager), a message is limited to 12 MiB, otherwise by memory. Timeouts are rounded up
/// to milliseconds. Thread-safe.
/// </summary>
/// <typeparam name="T">The message type; messages are passed by value.</typeparam>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
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

    /// <summary>Gets whether this end can receive, as Python's <c>readable</c>.</summary>
    public bool CanReceive { get; }

    /// <summary>Gets whether this end can send, as Python's <c>writable</c>.</summary>
    public bool CanSend { get; }

    /// <summary>Gets whether this object was closed, as Python's <c>closed</c>.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>Sends a value, as Python's <c>send(obj)</c>. Blocks the thread while the other end has 1 MiB or more unread.</summary>
    /// <exception cref="IOException">The other end is closed; Python's <c>BrokenPipeError</c>.</exception>
    /// <exception cref="InvalidOperationException">The end is receive-only.</exception>
    /// <exception cref="PayloadTooLargeException">The value exceeds the largest message.</exception>
    public void Send(T value, CancellationToken cancellationToken = default) => SendPayload(EncodeValue(value), cancellationToken);

    /// <inheritdoc cref="Send"/>
    public Task SendAsync(T value, CancellationToken cancellationToken = default) =>
        SendPayloadAsync(EncodeValue(value), cancellationToken);

    /// <summary>
    /// Sends bytes without serialization, as Python's <c>send_bytes()</c>; receive them with
    /// <see cref="ReceiveBytes(int, CancellationToken)"/>.
    /// </summary>
    /// <inheritdoc cref="Send"/>
    public void SendBytes(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        SendPayload(bytes.ToArray(), cancellationToken);

    /// <inheritdoc cref="SendBytes"/>
    public Task SendBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        SendPayloadAsync(bytes.ToArray(), cancellationToken);

    /// <summary>Receives the next value, as Python's <c>recv()</c>. Blocks the thread.</summary>
    /// <exception cref="EndOfStreamException">The other end is closed, and all its messages were received.</exception>
    /// <exception cref="InvalidOperationException">The end is send-only.</exception>
    public T Receive(CancellationToken cancellationToken = default) =>
        _proxy.DecodeValue<T>(RequireReceived(ReceiveMessage(null, cancellationToken), 0));

    /// <inheritdoc cref="Receive"/>
    public async Task<T> ReceiveAsync(CancellationToken cancellationToken = default) =>
        _proxy.DecodeValue<T>(RequireReceived(await ReceiveMessageAsync(null, cancellationToken).ConfigureAwait(false), 0));

    /// <summary>Waits until a message, or the end of messages, can be received, as Python's <c>poll(timeout)</c>.</summary>
    /// <param name="timeout">
    /// The longest time to wait; zero does not wait, <see cref="Timeout.InfiniteTimeSpan"/> waits without limit.
    /// </param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public bool Poll(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        RequireReceive();
        return RequireOpen(_proxy.Call(new PipePoll(_end), timeout, cancellationToken)) == ObjectStatus.Ok;
    }

    /// <inheritdoc cref="Poll"/>
    public async Task<bool> PollAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        RequireReceive();
        var status = await _proxy.CallAsync(new PipePoll(_end), timeout, cancellationToken).ConfigureAwait(false);
        return RequireOpen(status) == ObjectStatus.Ok;
    }

    /// <summary>
    /// Ends the use of this end by this process, as Python's <c>close()</c>. An end that was passed on stays open for its receivers.
    /// </summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            _proxy.Call(new PipeClose(_end, _isPassedOn));
    }

    /// <inheritdoc cref="Close"/>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            await _proxy.CallAsync(new PipeClose(_end, _isPassedOn), null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the end. Does nothing when the pipe or its coordinator was lost.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            _proxy.ReturnHold(new PipeClose(_end, _isPassedOn));
    }

    void ICarried<PipeEnd<T>>.WriteTo(ref ValueWriter writer)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        _isPassedOn = true;
        _proxy.WriteTo(ref writer);
        writer.WriteValue(_end);
        writer.WriteValue(CanReceive);
        writer.WriteValue(CanSend);
    }

    static PipeEnd<T> ICarried<PipeEnd<T>>.ReadFrom(ref ValueReader reader)
    {
        var (proxy, end) = (ObjectProxy.ReadFrom(ref reader), reader.ReadValue<int>());
        // Opened before user code gets the end: if the process died before its first call, the other end would wait forever.
        proxy.Tell(new PipeOpen(end));
        return new PipeEnd<T>(proxy, end, reader.ReadValue<bool>(), reader.ReadValue<bool>());
    }

    private ReadOnlyMemory<byte> EncodeValue(T value)
    {
        RequireSend();
        return _proxy.EncodeValue(value);
    }

    private void SendPayload(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        RequireSend();
        RequireSent(_proxy.Call(new PipeSend(_end, payload), null, cancellationToken));
    }

    private async Task SendPayloadAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        RequireSend();
        RequireSent(await _proxy.CallAsync(new PipeSend(_end, payload), null, cancellationToken).ConfigureAwait(false));
    }

    private MessageReply ReceiveMessage(long? limit, CancellationToken cancellationToken)
    {
        RequireReceive();
        return _proxy.Call<PipeReceive, MessageReply>(new(_end, limit), null, cancellationToken);
    }

    private async Task<MessageReply> ReceiveMessageAsync(long? limit, CancellationToken cancellationToken)
    {
        RequireReceive();
        return await _proxy.CallAsync<PipeReceive, MessageReply>(new(_end, limit), null, cancellationToken).ConfigureAwait(false);
    }

    private void RequireSend()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        if (!CanSend)
        {
            throw new InvalidOperationException(
                "This end of the pipe is receive-only: send through the other end, or create a duplex pipe.");
        }
    }

    private void RequireReceive()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        if (!CanReceive)
            throw new InvalidOperationException("This end of the pipe is send-only: receive from the other end, or create a duplex pipe.");
    }

    private static void RequireSent(ObjectStatus status)
    {
        if (RequireOpen(status) != ObjectStatus.Ok)
            throw new IOException("Cannot send: the other end of the pipe is closed.");
    }

    private static ReadOnlyMemory<byte> RequireReceived(MessageReply reply, long limit) => RequireOpen(reply.Status) switch
    {
        ObjectStatus.Ok => reply.Message,
        ObjectStatus.OutOfBounds => throw new MessageTooLongException(reply.Length, limit),
        _ => throw new EndOfStreamException("The other end of the pipe is closed, and all its messages were received."),
    };

    private static ObjectStatus RequireOpen(ObjectStatus status) => status == ObjectStatus.NotHeld
        ? throw new ObjectDisposedException(nameof(PipeEnd<T>), "This end of the pipe was closed.")
        : status;
}
