using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Messages.Storage;
using Actors.Remoting.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode.Payloads;

/// <summary>
/// Large arguments and results of a node's executors: in files, a directory for each executor, and a few of them under way at once, so that the connection has room
/// for heartbeats and other jobs. Thread-safe.
/// </summary>
internal sealed class NodePayloads(PayloadDirectory directory)
{
    private const int MaxTransfers = 2;

    private readonly SemaphoreSlim _transfers = new(MaxTransfers);

    /// <summary>Makes the executor's directory.</summary>
    /// <exception cref="StorageException">It cannot be created.</exception>
    public string CreateDirectory(ExecutorId executor)
    {
        try
        {
            return directory.CreateSubdirectory(executor.ToString());
        }
        catch (Exception exception) when (StorageDirectory.IsStorageError(exception))
        {
            throw StorageDirectory.ForCache(directory.Path).CreateException(exception, 0);
        }
    }

    /// <summary>Brings a payload into a file.</summary>
    /// <exception cref="PayloadStoreException">It cannot be had, or is something else; there is no file.</exception>
    /// <exception cref="StorageException">There is no room for it on this node.</exception>
    public async Task FetchToFileAsync(ICanTell pool, StoredPayload stored, string path, CancellationToken cancellationToken)
    {
        await _transfers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var file = PrivateFile.Replace(path, FileAccess.Write, FileShare.None, bufferSize: 0);
            await using (file.ConfigureAwait(false))
                await PayloadFetcher.FetchPayloadAsync(pool, stored, file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            File.Delete(path);
            if (StorageDirectory.IsStorageError(exception))
                throw StorageDirectory.ForCache(directory.Path).CreateException(exception, stored.Length);
            throw;
        }
        finally
        {
            _transfers.Release();
        }
    }

    /// <summary>Brings an executor's file to the coordinator; the file is gone then, in any case.</summary>
    /// <exception cref="PayloadStoreException">The coordinator does not take it.</exception>
    public async Task<StoredPayload> SendFileAsync(ICanTell pool, ExecutorId executor, string path, CancellationToken cancellationToken)
    {
        await _transfers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var file = PrivateFile.Open(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0 });
            await using (file.ConfigureAwait(false))
                return await PayloadSender.SendPayloadAsync(pool, executor, file, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
            _transfers.Release();
        }
    }
}
