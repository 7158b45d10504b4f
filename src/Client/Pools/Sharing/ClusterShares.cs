using System.Collections.Concurrent;
using Actors.Messages.Payloads;
using Actors.Remoting.Payloads;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// The shared values of a pool on a cluster, in the store of its coordinator, from which nodes download them. Their content stays here for
/// the next coordinator, until the session removes it at its end. Thread-safe.
/// </summary>
/// <param name="pool">The session of the pool.</param>
internal sealed class ClusterShares(IPoolSession pool)
{
    private readonly ConcurrentDictionary<PayloadId, ReadOnlyMemory<byte>> _contents = new();

    /// <summary>Whether there is no value.</summary>
    public bool IsEmpty => _contents.IsEmpty;

    /// <summary>Uploads the content of a value.</summary>
    /// <param name="content">The content.</param>
    /// <param name="actor">The pool at its coordinator.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <exception cref="PayloadStoreException">The coordinator refused the value.</exception>
    public async Task<SharedReference> AddValueAsync(ReadOnlyMemory<byte> content, IActorRef actor, CancellationToken cancellationToken)
    {
        var id = PayloadId.New();
        var stored = await PayloadSender.SendPayloadAsync(actor, id, content, cancellationToken).ConfigureAwait(false);
        _contents[id] = content;
        return new SharedReference(id, null, stored, pool);
    }

    /// <summary>Removes a value.</summary>
    /// <returns>False if it was removed before.</returns>
    public bool RemoveValue(PayloadId id)
    {
        if (!_contents.TryRemove(id, out _))
            return false;
        SharedContents.RemoveContent(id);
        return true;
    }

    /// <summary>Removes all values.</summary>
    public void RemoveAll()
    {
        foreach (var id in _contents.Keys)
            RemoveValue(id);
    }

    /// <summary>Uploads all values to the pool that was opened at another coordinator. Jobs whose value is refused there fail.</summary>
    public async Task RestoreAsync(IActorRef actor)
    {
        foreach (var (id, content) in _contents)
        {
            try
            {
                await PayloadSender.SendPayloadAsync(actor, id, content, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is PayloadStoreException or IOException)
            {
                // The nodes get the same refusal when they download the value, and report it for each job.
            }
        }
    }
}
