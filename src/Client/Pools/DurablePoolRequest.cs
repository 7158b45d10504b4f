using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>Sends requests to a durable pool that this program need not have opened.</summary>
internal sealed class DurablePoolRequest
{
    private readonly string? _connect;
    private readonly DurableStore? _store;

    private DurablePoolRequest(string name, string? connect, DurableStore? store) => (Name, _connect, _store) = (name, connect, store);

    /// <summary>The name of the pool.</summary>
    public string Name { get; }

    /// <summary>Selects a pool.</summary>
    /// <param name="name">The name of the pool.</param>
    /// <param name="connect">The addresses of the coordinators; null for this process.</param>
    /// <param name="store">The store of the pool in this process; null for a cluster.</param>
    /// <exception cref="ArgumentException">The name is too short or too long, or the store does not fit.</exception>
    public static DurablePoolRequest Create(string name, string? connect, DurableStore? store)
    {
        ArgumentNullException.ThrowIfNull(name);
        var options = new PoolOptions { DurableName = name, Store = store };
        options.Validate();
        ProcessPool.RequireStore(connect, options);
        return new DurablePoolRequest(name, connect, store);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="createRequest">Creates the request for the id of the pool.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="CoordinatorLostException">The pool has not answered in time.</exception>
    /// <exception cref="DurableStoreException">The store is unusable.</exception>
    /// <exception cref="InvalidOperationException">The coordinators have no store.</exception>
    public async Task<T> SendAsync<T>(Func<PoolId, IWireMessage> createRequest, CancellationToken cancellationToken)
        where T : IWireMessage
    {
        var patience = ClientRuntime.ConnectTimeout;
        await using var runtime = await ClientRuntime.FindConnection(_connect)
            .AcquireUseAsync(patience, cancellationToken).ConfigureAwait(false);
        var pools = await runtime.GetPoolOpenerAsync(_store, cancellationToken).ConfigureAwait(false);
        var id = PoolId.FromName(Name);
        try
        {
            return await PoolRequest.SendAsync(runtime.System, pools, id, createRequest(id), patience, cancellationToken)
                .ConfigureAwait(false) switch
            {
                PoolProtocol.PoolRefused { IsOverLimit: true } refused => throw new ClientLimitException(refused.Reason),
                PoolProtocol.PoolRefused refused => throw new InvalidOperationException(refused.Reason),
                PoolProtocol.PoolInterrupted interrupted => throw new DurableStoreException(interrupted.Reason),
                var answer => (T)answer,
            };
        }
        catch (AskTimeoutException exception)
        {
            throw new CoordinatorLostException(
                $"The durable pool '{Name}' did not answer within {patience.TotalSeconds:0} s. Check the coordinators, and try again.",
                exception);
        }
    }
}
