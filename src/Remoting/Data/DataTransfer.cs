using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Actor;

namespace Actors.Remoting.Data;

/// <summary>Sends and receives contents on the data channel. A transfer whose connection breaks continues on another one.</summary>
/// <param name="links">The connections of this program.</param>
/// <param name="at">The coordinator.</param>
/// <param name="key">The content.</param>
public sealed class DataTransfer(DataLinks links, DataEndpoint at, DataKey key)
{
    /// <summary>The attempts without progress before a transfer fails. With the pauses they last some 20 s.</summary>
    private const int MaxAttempts = 12;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private readonly ContentHash _hash = new(key.Kind);
    private long _position;

    /// <summary>Prepares the transfer of a content, which a message of the coordinator has permitted.</summary>
    /// <param name="coordinator">An actor of the coordinator.</param>
    /// <param name="port">The data port that the coordinator has named.</param>
    /// <param name="key">The content.</param>
    /// <exception cref="DataRefusedException">The port is not valid.</exception>
    public static DataTransfer CreateTransfer(IActorRef coordinator, int port, DataKey key)
    {
        var links = DataLinks.GetLinks(((IInternalActorRef)coordinator).Provider.Guardian.Underlying.System);
        return new DataTransfer(links, links.GetEndpoint(coordinator, port), key);
    }

    /// <summary>Sends a content that the coordinator expects. Call it once.</summary>
    /// <param name="content">The bytes; a stream with a length and a position.</param>
    /// <param name="cancellationToken">Cancels the transfer.</param>
    /// <returns>The hash of the sent bytes (<see cref="ContentHash"/>).</returns>
    /// <exception cref="DataRefusedException">The coordinator refused the content, or cannot be reached.</exception>
    /// <exception cref="IOException">The bytes cannot be read.</exception>
    public Task<byte[]> SendAsync(Stream content, CancellationToken cancellationToken) =>
        RepeatAsync(link => SendRestAsync(link.Stream, content, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ReceiveAsync(long, Func{ReadOnlyMemory{byte}, CancellationToken, ValueTask}, CancellationToken)"/>
    public Task<byte[]> ReceiveAsync(long length, Stream to, CancellationToken cancellationToken) =>
        ReceiveAsync(length, to.WriteAsync, cancellationToken);

    /// <summary>Receives a content. Call it once.</summary>
    /// <param name="length">The length that the content must have.</param>
    /// <param name="write">Receives the bytes in parts.</param>
    /// <param name="cancellationToken">Cancels the transfer.</param>
    /// <returns>The hash of the received bytes (<see cref="ContentHash"/>).</returns>
    /// <exception cref="DataRefusedException">The coordinator refused the request, or cannot be reached.</exception>
    /// <exception cref="IOException">The bytes cannot be written.</exception>
    public Task<byte[]> ReceiveAsync(
        long length, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken) =>
        RepeatAsync(link => ReceiveRestAsync(link.Stream, length, write, cancellationToken), cancellationToken);

    private async Task<byte[]> RepeatAsync(Func<DataLink, Task> transfer, CancellationToken cancellationToken)
    {
        using (_hash)
        {
            for (var (attempt, pause) = (1, FirstPause); ; attempt++)
            {
                var before = _position;
                if (await TryTransferAsync(transfer, cancellationToken).ConfigureAwait(false) is not { } failure)
                    return _hash.GetHash();
                if (_position > before)
                    (attempt, pause) = (0, FirstPause);
                if (attempt >= MaxAttempts)
                {
                    throw new DataRefusedException(
                        $"The data port of the coordinator at {at.Data} cannot be reached: {failure.Message} Check the network and "
                        + "firewalls, and try again.");
                }

                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <returns>The reason to try again; null after success.</returns>
    private async Task<Exception?> TryTransferAsync(Func<DataLink, Task> transfer, CancellationToken cancellationToken)
    {
        DataLink? link = null;
        try
        {
            link = await links.RentAsync(at, cancellationToken).ConfigureAwait(false);
            await transfer(link).ConfigureAwait(false);
            links.Return(at, link);
            return null;
        }
        catch (Exception exception)
        {
            link?.Dispose();
            if (cancellationToken.IsCancellationRequested)
                throw new OperationCanceledException("The transfer was canceled.", exception, cancellationToken);
            if (exception is LinkRefusedException { Refusal.IsTemporary: false } or AuthenticationException)
            {
                throw new DataRefusedException(
                    $"The data port of the coordinator at {at.Data} refused the connection: {exception.Message}");
            }

            if (exception is LocalFileException { InnerException: { } inner })
                throw new IOException(inner.Message, inner);
            if (exception is IOException or SocketException or OperationCanceledException or LinkRefusedException or InvalidDataException)
                return exception;
            throw;
        }
    }

    private async Task SendRestAsync(Stream stream, Stream content, CancellationToken cancellationToken)
    {
        await DataFrames.WriteRequestAsync(stream, new DataRequest(DataDirection.Put, key, 0), cancellationToken).ConfigureAwait(false);
        var received = await ReadAnswerAsync(stream, cancellationToken).ConfigureAwait(false);
        if (received > content.Length)
            throw new DataRefusedException("The coordinator claims to have more bytes than the content has.");
        await HashSentAsync(content, received, cancellationToken).ConfigureAwait(false);
        var next = content.Position = received;
        await DataPump.CopyAsync(content.Length - received, FillAsync, stream.WriteAsync, cancellationToken).ConfigureAwait(false);
        await ReadAnswerAsync(stream, cancellationToken).ConfigureAwait(false);

        async ValueTask FillAsync(Memory<byte> part, CancellationToken token)
        {
            await RunLocallyAsync(content.ReadExactlyAsync(part, token)).ConfigureAwait(false);
            next += part.Length;
            // A part that is sent again was hashed before.
            if (next > _position)
                AppendHash(part[(int)(part.Length - (next - _position))..]);
        }
    }

    /// <summary>Hashes the bytes that an earlier transfer of the same content has sent.</summary>
    private async Task HashSentAsync(Stream content, long received, CancellationToken cancellationToken)
    {
        if (received <= _position)
            return;
        content.Position = _position;
        await DataPump.CopyAsync(received - _position, FillAsync, HashAsync, cancellationToken).ConfigureAwait(false);

        ValueTask FillAsync(Memory<byte> part, CancellationToken token) => RunLocallyAsync(content.ReadExactlyAsync(part, token));

        ValueTask HashAsync(ReadOnlyMemory<byte> part, CancellationToken token)
        {
            AppendHash(part);
            return ValueTask.CompletedTask;
        }
    }

    private async Task ReceiveRestAsync(
        Stream stream, long length, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        var request = new DataRequest(DataDirection.Get, key, _position);
        await DataFrames.WriteRequestAsync(stream, request, cancellationToken).ConfigureAwait(false);
        if (await ReadAnswerAsync(stream, cancellationToken).ConfigureAwait(false) != length - _position)
            throw new DataRefusedException("The coordinator has a content of another length.");
        await DataPump.CopyAsync(length - _position, stream.ReadExactlyAsync, WriteAsync, cancellationToken).ConfigureAwait(false);

        async ValueTask WriteAsync(ReadOnlyMemory<byte> part, CancellationToken token)
        {
            await RunLocallyAsync(write(part, token)).ConfigureAwait(false);
            AppendHash(part);
        }
    }

    private static async ValueTask RunLocallyAsync(ValueTask access)
    {
        try
        {
            await access.ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new LocalFileException(exception);
        }
    }

    private static async Task<long> ReadAnswerAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(DataPump.StallTimeout);
        return await DataFrames.ReadAnswerAsync(stream, stall.Token).ConfigureAwait(false);
    }

    private void AppendHash(ReadOnlyMemory<byte> part)
    {
        _hash.AppendBytes(part.Span);
        _position += part.Length;
    }

    /// <summary>An error of the file of this side, which another connection would not remedy.</summary>
    private sealed class LocalFileException(IOException inner) : Exception(inner.Message, inner);
}
