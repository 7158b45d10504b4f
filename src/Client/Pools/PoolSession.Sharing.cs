using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Objects;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>Shares values with the workers of the pool.</summary>
internal sealed partial class PoolSession
{
    private readonly LocalShares _localShares;
    private readonly ClusterShares _clusterShares;

    /// <inheritdoc/>
    public Task<SharedReference> ShareContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (_rules.IsDurable)
            throw new InvalidOperationException(SharedReference.ForDurablePool);
        if (!_rules.IsRemote)
            return Task.FromResult(_localShares.AddValue(content));
        IActorRef pool;
        lock (_access)
            pool = _pool;
        return pool.IsNobody()
            ? throw new CoordinatorLostException("The pool is not connected to its coordinator at the moment. Share the value again.")
            : _clusterShares.AddValueAsync(content, pool, cancellationToken);
    }

    /// <inheritdoc/>
    public void DropShared(PayloadId id)
    {
        if (!_localShares.RemoveValue(id) && !_clusterShares.RemoveValue(id))
            return;
        lock (_access)
            _pool.Tell(new PayloadProtocol.DropShared(id), _self);
    }

    /// <summary>Checks the objects that the arguments of a call refer to, and adds its shared values to the policy.</summary>
    private JobPolicy PrepareReferences(PreparedCall call, JobPolicy policy)
    {
        if (call.KeptAlive is not { } references)
            return policy;
        ObjectProxy.RequireReachable(references, _runtime.Objects);
        return SharedReference.AddTo(policy, references, _rules, this);
    }

    /// <summary>Uploads the shared values to the pool at another coordinator, before the jobs that need them.</summary>
    private async Task RestoreAndOpenAsync(IActorRef pool, PoolProtocol.PoolOpened opened, IActorRef by)
    {
        await _clusterShares.RestoreAsync(pool).ConfigureAwait(false);
        ConnectPool(pool, opened, by);
    }
}
