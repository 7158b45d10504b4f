using System.Diagnostics;
using System.Net;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Data;

/// <summary>Answers the requests on one data connection of a proven peer, one after the other, until the peer closes it.</summary>
/// <param name="stream">The connection.</param>
/// <param name="peer">The peer.</param>
/// <param name="network">The IP address of the peer, or its network.</param>
/// <param name="files">The contents.</param>
/// <param name="stallTimeout">The time in which the peer must receive an answer.</param>
public sealed class DataSession(Stream stream, LinkPeer peer, IPAddress network, DataFiles files, TimeSpan stallTimeout) : IDisposable
{
    /// <summary>The longest time between two requests. A peer closes an unused connection earlier.</summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _ending = new();
    private long _idleSince = Stopwatch.GetTimestamp();

    /// <summary>The peer.</summary>
    public LinkPeer Peer => peer;

    /// <summary>The IP address of the peer, or its network.</summary>
    public IPAddress Network => network;

    /// <summary>The timestamp since which it waits for a request; null while it answers one.</summary>
    public long? IdleSince => Volatile.Read(ref _idleSince) is >= 0 and var since ? since : null;

    /// <summary>Ends the connection. Does not wait for its end.</summary>
    public void EndSession()
    {
        try
        {
            _ = _ending.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ending.Dispose();

    /// <summary>Answers all requests. It throws when the connection breaks or is ended.</summary>
    public async Task AnswerRequestsAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        while (await ReadRequestAsync(ending.Token).ConfigureAwait(false) is { } request)
        {
            try
            {
                if (request.Direction == DataDirection.Put)
                    await ReceiveAsync(request, ending.Token).ConfigureAwait(false);
                else
                    await SendAsync(request, ending.Token).ConfigureAwait(false);
            }
            catch (DataRefusedException refused)
            {
                await WriteAsync(
                    token => DataFrames.WriteRefusalAsync(stream, refused.Message, token), ending.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task<DataRequest?> ReadRequestAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _idleSince, Stopwatch.GetTimestamp());
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        idle.CancelAfter(IdleTimeout);
        var request = await DataFrames.ReadRequestAsync(stream, idle.Token).ConfigureAwait(false);
        Volatile.Write(ref _idleSince, -1);
        return request;
    }

    private ValueTask WriteAnswerAsync(long length, CancellationToken cancellationToken) =>
        WriteAsync(token => DataFrames.WriteAnswerAsync(stream, length, token), cancellationToken);

    /// <summary>Writes an answer. A peer that does not receive it in time loses its connection.</summary>
    private async ValueTask WriteAsync(Func<CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(stallTimeout);
        await write(stall.Token).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(DataRequest request, CancellationToken cancellationToken)
    {
        var file = files.FindUpload(peer.Address, request.Key)
            ?? throw new DataRefusedException("The content is not expected: it was not announced, or the upload has expired or ended.");
        var hasBegun = false;
        try
        {
            await file.ReceiveAsync(BeginAsync, stream.ReadExactlyAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (DataRefusedException refused) when (hasBegun)
        {
            // The peer is sending bytes. It repeats its request on another connection, and learns the reason there.
            throw new IOException(refused.Message, refused);
        }

        await WriteAnswerAsync(file.Length, cancellationToken).ConfigureAwait(false);

        ValueTask BeginAsync(long received, CancellationToken token)
        {
            hasBegun = true;
            return WriteAnswerAsync(received, token);
        }
    }

    private async Task SendAsync(DataRequest request, CancellationToken cancellationToken)
    {
        var file = OpenDownload(request);
        await using (file.ConfigureAwait(false))
        {
            var left = file.Length - request.Offset;
            if (left < 0)
                throw new DataRefusedException($"The content has {file.Length} bytes; nothing is at {request.Offset}.");
            file.Position = request.Offset;
            await WriteAnswerAsync(left, cancellationToken).ConfigureAwait(false);
            await DataPump.CopyAsync(left, file.ReadExactlyAsync, stream.WriteAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    private FileStream OpenDownload(DataRequest request)
    {
        try
        {
            return files.OpenDownload(peer, request.Key);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataRefusedException($"The coordinator cannot read the content: {Messages.Storage.DiskError.Describe(exception)}.");
        }
    }
}
