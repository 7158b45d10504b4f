using Actors.Messages.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode.Payloads;

/// <summary>
/// The shared values of one pool on this node. Each is downloaded once, for the first job that needs it, and read by all workers of the
/// pool. Thread-safe.
/// </summary>
/// <param name="payloads">Downloads the files.</param>
/// <param name="pool">The actor of the pool.</param>
public sealed class SharedFiles(NodePayloads payloads, IActorRef pool) : IDisposable
{
    private readonly Lock _access = new();
    private readonly Dictionary<PayloadId, Task> _files = [];
    private readonly CancellationTokenSource _end = new();

    /// <summary>Whether all values are on this node.</summary>
    public bool HasAll(SharedPayloads shared)
    {
        lock (_access)
            return shared.Payloads.All(payload => _files.TryGetValue(payload.Id, out var file) && file.IsCompletedSuccessfully);
    }

    /// <summary>Downloads the values that are not on this node.</summary>
    /// <param name="shared">The values.</param>
    /// <param name="cancellationToken">Cancels the wait. The downloads continue for other jobs.</param>
    /// <exception cref="PayloadStoreException">A value cannot be downloaded, or has another hash.</exception>
    /// <exception cref="StorageException">The disk of this node is full.</exception>
    public Task FetchAllAsync(SharedPayloads shared, CancellationToken cancellationToken)
    {
        lock (_access)
            return Task.WhenAll(shared.Payloads.Select(GetOrStartFetch)).WaitAsync(cancellationToken);
    }

    /// <summary>Removes a value. Workers that have opened the file keep its content.</summary>
    public void RemoveFile(PayloadId payload)
    {
        lock (_access)
        {
            if (_files.Remove(payload, out var file))
                DeleteAfter(file, payload);
        }
    }

    /// <summary>Removes all values.</summary>
    public void Dispose()
    {
        _end.Cancel();
        lock (_access)
        {
            foreach (var payload in _files.Keys.ToList())
                RemoveFile(payload);
        }
    }

    private Task GetOrStartFetch(StoredPayload stored)
    {
        // A failed download is repeated for the next job.
        if (!_files.TryGetValue(stored.Id, out var file) || file.IsFaulted || file.IsCanceled)
            _files[stored.Id] = file = payloads.FetchToFileAsync(pool, stored, payloads.GetSharedPath(stored.Id), _end.Token);
        return file;
    }

    private void DeleteAfter(Task file, PayloadId payload) => file.ContinueWith(
        _ => File.Delete(payloads.GetSharedPath(payload)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
