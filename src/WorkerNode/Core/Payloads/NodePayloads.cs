using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Payloads;
using Actors.Messages.Storage;
using Actors.Remoting.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode.Payloads;

/// <summary>
/// Transfers large arguments and results of the executors of a node. They are in files, in a directory for each executor. Only a few are
/// transferred at once, so that the connection has capacity for heartbeats and other jobs. Thread-safe.
/// </summary>
public sealed class NodePayloads(PayloadDirectory directory)
{
    private const int MaxTransfers = 2;

    private readonly SemaphoreSlim _transfers = new(MaxTransfers);

    /// <summary>Creates the directory of an executor.</summary>
    /// <exception cref="StorageException">The directory cannot be created.</exception>
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

    /// <summary>Gets the path of a shared value.</summary>
    public string GetSharedPath(PayloadId payload) => PayloadPaths.GetSharedPath(Path.Combine(directory.Path, "worker"), payload);

    /// <summary>Downloads a payload to a file.</summary>
    /// <exception cref="PayloadStoreException">The payload cannot be downloaded or has another hash. No file is left.</exception>
    /// <exception cref="StorageException">The disk of this node is full.</exception>
    public async Task FetchToFileAsync(IActorRef pool, StoredPayload stored, string path, CancellationToken cancellationToken)
    {
        await _transfers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var file = PrivateFile.Replace(path, FileAccess.Write, FileShare.None, bufferSize: 0);
            await using (file.ConfigureAwait(false))
                await PayloadFetcher.FetchPayloadAsync(pool, stored, file.WriteAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            TryDelete(path);
            if (StorageDirectory.IsStorageError(exception))
                throw StorageDirectory.ForCache(directory.Path).CreateException(exception, stored.Length);
            throw;
        }
        finally
        {
            _transfers.Release();
        }
    }

    /// <summary>Uploads a file of an executor to the coordinator, and removes the file in any case.</summary>
    /// <exception cref="PayloadStoreException">The coordinator refused the payload.</exception>
    /// <exception cref="IOException">The job that wrote the file has left none that can be read at once.</exception>
    public async Task<StoredPayload> SendFileAsync(IActorRef pool, ExecutorId executor, string path, CancellationToken cancellationToken)
    {
        await _transfers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // The file is a job's, which must not be able to stop the transfers of other executors.
            var file = PrivateFile.OpenAtOnce(path);
            await using (file.ConfigureAwait(false))
                return await PayloadSender.SendPayloadAsync(pool, executor, file, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _transfers.Release();
            TryDelete(path);
        }
    }

    /// <summary>Deletes a file, if the job that could change its directory has left one. The rest is removed with the directory.</summary>
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (StorageDirectory.IsStorageError(exception))
        {
            // The job has created a directory there, or has moved or protected the one above.
        }
    }
}
