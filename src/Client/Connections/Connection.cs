using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Actors.Connections;
using Actors.Messages.Values;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// A connection between two programs, as Python's <c>multiprocessing.connection.Connection</c>. Messages keep their boundaries and order.
/// Several may send at once; one receives at a time. A canceled receive, poll or wait loses nothing; a send that is canceled part way
/// closes the connection.
/// Thread-safe.
/// </summary>
public sealed partial class Connection : IPollable, IDisposable
{
    /// <summary>How many bytes a message may have: 256 MiB.</summary>
    public const int LargestMessage = 256 << 20;

    private readonly FrameStream _frames;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly SemaphoreSlim _receiving = new(1, 1);
    private volatile bool _isClosed;

    private Connection(FrameStream frames) => _frames = frames;

    /// <summary>Whether this side was closed by <see cref="Dispose"/>, as Python's <c>closed</c>.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Connects to a listener, as Python's <c>Client(address, authkey=key)</c>. Give a <see cref="UnixDomainSocketEndPoint"/> for a Unix socket.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="key">The key that both sides have; null for none. It is not sent.</param>
    /// <param name="timeout">How long the connection and the handshake may take; 20 seconds when null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AuthenticationException">The listener has another key.</exception>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public static async Task<Connection> ConnectAsync(
        EndPoint address, byte[]? key = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        var limit = TimeoutRule.Require(timeout ?? Sockets.HandshakeTimeout, nameof(timeout));
        return await OpenAsync(Sockets.For(address), address, key, limit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Shakes hands; with an address, connects first. Closes the socket when that fails.</summary>
    internal static async Task<Connection> OpenAsync(
        Socket socket, EndPoint? connectTo, byte[]? key, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        FrameStream? frames = null;
        try
        {
            if (connectTo is not null)
                await socket.ConnectAsync(connectTo, limit.Token).ConfigureAwait(false);
            frames = new FrameStream(socket);
            await Handshake.RunAsync(frames, key, connectTo is null, limit.Token).ConfigureAwait(false);
            return new Connection(frames);
        }
        catch (Exception error)
        {
            frames?.Dispose();
            socket.Dispose();
            if (error is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new TimeoutException($"The other side did not finish the handshake within {timeout}.", error);
            throw;
        }
    }

    /// <summary>Sends a value, as Python's <c>send(obj)</c>.</summary>
    /// <exception cref="IOException">The other side is closed.</exception>
    /// <exception cref="NotCarriedException">The value cannot travel, or holds a managed object: the other program may have another coordinator.</exception>
    public Task SendAsync<T>(T value, CancellationToken cancellationToken = default)
    {
        var bytes = ValueSerializer.ToBytes(value, out var kept);
        return kept is null
            ? SendBytesAsync(bytes, cancellationToken)
            : throw new NotCarriedException("A managed object does not travel through a connection: publish it at its manager, and send the name.");
    }

    /// <summary>Receives the next value, as Python's <c>recv()</c>.</summary>
    /// <exception cref="EndOfStreamException">The other side is closed.</exception>
    public async Task<T> ReceiveAsync<T>(CancellationToken cancellationToken = default) =>
        Decode<T>(await ReceiveBytesAsync(LargestMessage, cancellationToken).ConfigureAwait(false));

    /// <summary>Sends bytes as they are, as Python's <c>send_bytes()</c>.</summary>
    /// <exception cref="IOException">The other side is closed.</exception>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, LargestMessage, nameof(bytes));
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _frames.SendAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Receives the next message as it is, as Python's <c>recv_bytes(maxlength)</c>.</summary>
    /// <exception cref="MessageTooLongException">It is longer than <paramref name="maxLength"/>; it can still be received.</exception>
    /// <exception cref="InvalidDataException">The other side does not speak this protocol; the connection is closed.</exception>
    /// <exception cref="EndOfStreamException">The other side is closed.</exception>
    public Task<byte[]> ReceiveBytesAsync(int maxLength = LargestMessage, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        return ReceiveAloneAsync(() => _frames.ReceiveAsync(Math.Min(maxLength, LargestMessage), cancellationToken), cancellationToken);
    }

    /// <summary>Receives the next message into memory of the caller, as Python's <c>recv_bytes_into(buffer)</c>.</summary>
    /// <param name="buffer">Where the message goes, from the start. Unspecified after an exception.</param>
    /// <param name="cancellationToken">Ends the wait; the message can still be received.</param>
    /// <returns>How many bytes the message has.</returns>
    /// <exception cref="MessageTooLongException">The message is longer than the buffer; it can still be received, into a buffer of its
    /// <c>Length</c>.</exception>
    /// <exception cref="InvalidDataException">The other side does not speak this protocol; the connection is closed.</exception>
    /// <exception cref="EndOfStreamException">The other side is closed.</exception>
    public Task<int> ReceiveBytesAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ReceiveAloneAsync(() => _frames.ReceiveAsync(buffer, cancellationToken), cancellationToken);

    /// <summary>Whether a message, or the end of the connection, comes within the timeout, as Python's <c>poll(timeout)</c>.</summary>
    /// <param name="timeout">How long to wait; zero, the default, does not wait, <see cref="Timeout.InfiniteTimeSpan"/> sets no
    /// limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether a receive would return or throw at once.</returns>
    /// <exception cref="ObjectDisposedException">This side is closed.</exception>
    public async Task<bool> PollAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var (limit, start) = (TimeoutRule.Require(timeout), Stopwatch.GetTimestamp());
        if (!await _receiving.WaitAsync(limit, cancellationToken).ConfigureAwait(false))
            return false;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var header = _frames.ReadHeaderAsync(end.Token);
            if (!header.IsCompleted && limit != Timeout.InfiniteTimeSpan)
                end.CancelAfter(TimeSpan.FromTicks(Math.Max(0, (limit - Stopwatch.GetElapsedTime(start)).Ticks)));
            await header.ConfigureAwait(false);
            return true;
        }
        catch (IOException)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _receiving.Release();
        }
    }

    /// <summary>Closes this side, as Python's <c>close()</c>.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _frames.Dispose();
    }

    private async Task<T> ReceiveAloneAsync<T>(Func<Task<T>> receive, CancellationToken cancellationToken)
    {
        await _receiving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await receive().ConfigureAwait(false);
        }
        finally
        {
            _receiving.Release();
        }
    }

    private static T Decode<T>(byte[] message) => ValueSerializer.Read<T>(message);
}
