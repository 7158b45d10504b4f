namespace Actors.Remoting.Data;

/// <summary>Answers the requests on one data connection of a proven peer, one after the other, until the peer closes it.</summary>
/// <param name="link">The connection.</param>
/// <param name="files">The contents.</param>
public sealed class DataSession(DataLink link, DataFiles files)
{
    /// <summary>The longest time between two requests. A peer closes an unused connection earlier.</summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    private readonly Stream _stream = link.Stream;

    /// <summary>Answers all requests. It throws when the connection breaks.</summary>
    public async Task AnswerRequestsAsync(CancellationToken cancellationToken)
    {
        while (await ReadRequestAsync(cancellationToken).ConfigureAwait(false) is { } request)
        {
            try
            {
                if (request.Direction == DataDirection.Put)
                    await ReceiveAsync(request, cancellationToken).ConfigureAwait(false);
                else
                    await SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (DataRefusedException refused)
            {
                await DataFrames.WriteRefusalAsync(_stream, refused.Message, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<DataRequest?> ReadRequestAsync(CancellationToken cancellationToken)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        idle.CancelAfter(IdleTimeout);
        return await DataFrames.ReadRequestAsync(_stream, idle.Token).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(DataRequest request, CancellationToken cancellationToken)
    {
        var file = files.FindUpload(link.Peer.Address, request.Key)
            ?? throw new DataRefusedException("The content is not expected: it was not announced, or the upload has expired or ended.");
        var hasBegun = false;
        try
        {
            await file.ReceiveAsync(BeginAsync, _stream.ReadExactlyAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (DataRefusedException refused) when (hasBegun)
        {
            // The peer is sending bytes. It repeats its request on another connection, and learns the reason there.
            throw new IOException(refused.Message, refused);
        }

        await DataFrames.WriteAnswerAsync(_stream, file.Length, cancellationToken).ConfigureAwait(false);

        ValueTask BeginAsync(long received, CancellationToken token)
        {
            hasBegun = true;
            return DataFrames.WriteAnswerAsync(_stream, received, token);
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
            await DataFrames.WriteAnswerAsync(_stream, left, cancellationToken).ConfigureAwait(false);
            await DataPump.CopyAsync(left, file.ReadExactlyAsync, _stream.WriteAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    private FileStream OpenDownload(DataRequest request)
    {
        try
        {
            return files.OpenDownload(link.Peer, request.Key);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataRefusedException($"The coordinator cannot read the content: {exception.Message}");
        }
    }
}
