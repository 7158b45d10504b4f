using Actors.Messages.Payloads;

namespace Actors;

public partial class ProcessPool
{
    /// <summary>
    /// Shares a large value with all jobs of this pool. Its content goes to each node once, on a cluster when the first job needs it, and
    /// each worker decodes it once; the jobs carry a few bytes. Later changes of <paramref name="value"/> are not seen by workers. On a
    /// cluster this program keeps the encoded content in memory, to send it again if the pool moves to another coordinator.
    /// </summary>
    /// <typeparam name="T">The type of the value, which must be able to travel.</typeparam>
    /// <param name="value">The value; at most 2 GiB when encoded. It must hold no managed object.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <returns>The shared value: pass it to jobs, and dispose it after them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    /// <exception cref="NotCarriedException">The type cannot travel, or the value holds a managed object.</exception>
    /// <exception cref="InvalidOperationException">The pool is durable, or accepts no more jobs.</exception>
    /// <exception cref="PayloadStoreException">The store of the coordinator is full, or refused the value.</exception>
    /// <exception cref="StorageException">The shared memory of this machine is exhausted.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost.</exception>
    /// <exception cref="OperationCanceledException">The upload was canceled.</exception>
    public async Task<Shared<T>> ShareAsync<T>(T value, CancellationToken cancellationToken = default)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(value);
        _session.RequireOpen();
        var reference = await _session.ShareContentAsync(SharedContent.Encode(value), cancellationToken).ConfigureAwait(false);
        var path = reference.MemoryName is { } name ? SharedMemory.PathOf(name) : "";
        var content = new SharedContent(reference.Id, path, value);
        // A process without a file of the content gets the value itself when a job returns it.
        if (path.Length == 0)
            SharedContents.AddContent(content);
        return new Shared<T>(content, reference, () => _session.DropShared(reference.Id));
    }

    /// <summary>Blocking form of <see cref="ShareAsync"/>.</summary>
    /// <inheritdoc cref="ShareAsync"/>
    public Shared<T> Share<T>(T value, CancellationToken cancellationToken = default)
        where T : notnull => ShareAsync(value, cancellationToken).WaitForResult();
}
