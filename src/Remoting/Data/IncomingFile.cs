namespace Actors.Remoting.Data;

/// <summary>
/// A file that a peer uploads. A connection continues where the last one ended. A new connection replaces an open one, because the peer
/// learns first that a connection is broken. Thread-safe.
/// </summary>
/// <param name="kind">The kind of content, which determines its hash.</param>
/// <param name="length">The announced length.</param>
/// <param name="open">Opens the file for writing.</param>
public sealed class IncomingFile(DataKind kind, long length, Func<FileStream> open) : IDisposable
{
    private readonly SemaphoreSlim _receiving = new(1);
    private readonly Lock _access = new();
    private ContentHash? _hash;
    private CancellationTokenSource? _current;
    private byte[]? _result;
    private long _received;
    private bool _isDisposed;
    private volatile string? _failure;

    /// <summary>The announced length.</summary>
    public long Length => length;

    /// <summary>The number of bytes in the file.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>The hash of the complete file (<see cref="ContentHash"/>); null before.</summary>
    public byte[]? Hash => Volatile.Read(ref _result);

    /// <summary>Whether bytes are missing and can still arrive.</summary>
    public bool CanContinue => Hash is null && _failure is null;

    /// <summary>Receives the rest of the file.</summary>
    /// <param name="begin">Tells the peer how much of the file has arrived.</param>
    /// <param name="fill">Receives bytes.</param>
    /// <param name="cancellationToken">Cancels the transfer.</param>
    /// <exception cref="DataRefusedException">The upload was removed, or the file cannot be written.</exception>
    public async Task ReceiveAsync(
        Func<long, CancellationToken, ValueTask> begin, Func<Memory<byte>, CancellationToken, ValueTask> fill,
        CancellationToken cancellationToken)
    {
        using var session = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ReplaceSession(session);
        try
        {
            await ReceiveAloneAsync(begin, fill, session.Token).ConfigureAwait(false);
        }
        finally
        {
            EndSession(session);
        }
    }

    /// <summary>Ends the upload. The file is not removed.</summary>
    public void Dispose()
    {
        lock (_access)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _current?.Cancel();
            if (_current is null)
                _hash?.Dispose();
        }
    }

    private async Task ReceiveAloneAsync(
        Func<long, CancellationToken, ValueTask> begin, Func<Memory<byte>, CancellationToken, ValueTask> fill,
        CancellationToken cancellationToken)
    {
        await _receiving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_failure is { } failure)
                throw new DataRefusedException(failure);
            await begin(Received, cancellationToken).ConfigureAwait(false);
            if (Hash is null)
                await WriteRestAsync(fill, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _receiving.Release();
        }
    }

    private async Task WriteRestAsync(Func<Memory<byte>, CancellationToken, ValueTask> fill, CancellationToken cancellationToken)
    {
        var file = OpenFile();
        var hash = _hash ??= new ContentHash(kind);
        await using (file.ConfigureAwait(false))
        {
            await DataPump.CopyAsync(length - Received, fill, (bytes, _) => Append(file, hash, bytes), cancellationToken)
                .ConfigureAwait(false);
        }

        Volatile.Write(ref _result, hash.GetHash());
    }

    private FileStream OpenFile()
    {
        try
        {
            // After the end of the upload, its file is removed, and must not be created again.
            lock (_access)
                return _isDisposed ? throw new DataRefusedException("The upload was removed.") : open();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Fail(exception);
        }
    }

    private ValueTask Append(FileStream file, ContentHash hash, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            RandomAccess.Write(file.SafeFileHandle, bytes.Span, Received);
        }
        catch (IOException exception)
        {
            throw Fail(exception);
        }

        hash.AppendBytes(bytes.Span);
        Interlocked.Add(ref _received, bytes.Length);
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the upload for good: the peer learns the reason when it tries to continue.</summary>
    private DataRefusedException Fail(Exception exception) =>
        new(_failure = $"The coordinator cannot store the content: {Messages.Storage.DiskError.Describe(exception)}.");

    private void ReplaceSession(CancellationTokenSource session)
    {
        lock (_access)
        {
            if (_isDisposed)
                throw new DataRefusedException("The upload was removed.");
            _current?.Cancel();
            _current = session;
        }
    }

    private void EndSession(CancellationTokenSource session)
    {
        lock (_access)
        {
            if (_current != session)
                return;
            _current = null;
            if (_isDisposed)
                _hash?.Dispose();
        }
    }
}
