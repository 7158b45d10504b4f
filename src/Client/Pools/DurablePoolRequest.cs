using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Actors.Runtime;

namespace Actors.Pools;

/// <summary>Sends requests to durable pools that this program need not have opened.</summary>
internal static class DurablePoolRequest
{
    /// <summary>Sends a request.</summary>
    /// <param name="connect">The addresses of the coordinators; null for this process.</param>
    /// <param name="store">The store of the pool in this process; null for a cluster.</param>
    /// <param name="name">The name of the pool.</param>
    /// <param name="createRequest">Creates the request.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="CoordinatorLostException">The pool has not answered in time.</exception>
    /// <exception cref="DurableStoreException">The store is unusable.</exception>
    /// <exception cref="InvalidOperationException">The coordinators have no store.</exception>
    public static async Task<IWireMessage> SendAsync(
        string? connect, DurableStore? store, string name, Func<PoolId, IWireMessage> createRequest, CancellationToken cancellationToken)
    {
        var patience = ClientRuntime.ConnectTimeout;
        await using var runtime = await ClientRuntime.AcquireRuntimeAsync(connect, patience, cancellationToken).ConfigureAwait(false);
        var pools = await runtime.GetPoolOpenerAsync(store, cancellationToken).ConfigureAwait(false);
        var id = PoolId.FromName(name);
        var answer = new TaskCompletionSource<IWireMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var props = ActorProps.Create(() => new PoolRequestActor(pools, id, createRequest(id), answer));
        var actor = runtime.System.ActorOf(InlineDispatcher.ApplyTo(props, runtime.System), RandomName.NewName("request"));
        try
        {
            return await answer.Task.WaitAsync(patience, cancellationToken).ConfigureAwait(false) switch
            {
                PoolProtocol.PoolRefused { IsOverLimit: true } refused => throw new ClientLimitException(refused.Reason),
                PoolProtocol.PoolRefused refused => throw new InvalidOperationException(refused.Reason),
                PoolProtocol.PoolInterrupted interrupted => throw new DurableStoreException(interrupted.Reason),
                var answered => answered,
            };
        }
        catch (TimeoutException exception)
        {
            throw new CoordinatorLostException(
                $"The durable pool '{name}' did not answer within {patience.TotalSeconds:0} s. Check the coordinators, and try again.",
                exception);
        }
        finally
        {
            runtime.System.Stop(actor);
        }
    }
}
