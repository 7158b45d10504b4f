using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Cli.Operating;

/// <summary>
/// An operator's connection to a coordinator. One is enough, because each worker node connects to all coordinators of a cluster.
/// </summary>
internal sealed class OperatorSession : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly IActorRef _coordinator;
    private readonly TimeSpan _patience;

    private OperatorSession(ActorSystem system, IActorRef coordinator, int version, TimeSpan patience) =>
        (_system, _coordinator, Version, _patience) = (system, coordinator, version, patience);

    /// <summary>The version of the coordinator's messages.</summary>
    public int Version { get; }

    /// <summary>Connects to the first coordinator that answers.</summary>
    /// <param name="coordinators">The addresses of the coordinators.</param>
    /// <param name="link">The key and the certificates.</param>
    /// <param name="patience">The time that the coordinator has to answer, here and for each request.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <exception cref="NoCoordinatorException">No coordinator answers.</exception>
    /// <exception cref="InvalidOperationException">A coordinator is on another machine, and there are no certificates.</exception>
    public static async Task<OperatorSession> ConnectToAnyAsync(
        IReadOnlyList<HostPort> coordinators, LinkSettings link, TimeSpan patience, CancellationToken cancellationToken)
    {
        foreach (var at in coordinators)
            Loopback.RequireSafeConnection(at.Host, link.Tls, link.IsInsecure);
        var system = ActorSystemStarter.Start(
            RoleConfiguration.CreateClient(coordinators), new LinkIdentity(new LinkKeys(link.Key), link.Tls, coordinators));
        try
        {
            var (coordinator, welcome) = await CoordinatorConnector.ConnectToAnyAsync(
                system, coordinators, patience, cancellationToken).ConfigureAwait(false);
            return new OperatorSession(system, coordinator, welcome.Version, patience);
        }
        catch (TimeoutException exception)
        {
            await system.Terminate().ConfigureAwait(false);
            throw new NoCoordinatorException(coordinators, exception);
        }
        catch
        {
            await system.Terminate().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Lists the worker nodes.</summary>
    public async Task<ImmutableArray<NodeInfo>> ListNodesAsync(CancellationToken cancellationToken) =>
        (await AskAsync<NodeProtocol.ListNodesReply>(new NodeProtocol.ListNodes(), cancellationToken).ConfigureAwait(false)).Nodes;

    /// <summary>Lists the pools of the coordinator, at most a thousand.</summary>
    public async Task<ImmutableArray<PoolInfo>> ListPoolsAsync(CancellationToken cancellationToken) =>
        (await AskAsync<PoolProtocol.ListPoolsReply>(new PoolProtocol.ListPools(), cancellationToken).ConfigureAwait(false)).Pools;

    /// <summary>Lists the queues or the locks of the coordinator, at most a thousand.</summary>
    public async Task<ImmutableArray<ObjectInfo>> ListObjectsAsync(bool areLocks, CancellationToken cancellationToken) =>
        (await AskAsync<ObjectProtocol.ListObjectsReply>(new ObjectProtocol.ListObjects(areLocks), cancellationToken)
            .ConfigureAwait(false)).Objects;

    /// <summary>Asks a node to finish its jobs and leave.</summary>
    /// <returns>Whether a node of this name exists.</returns>
    public async Task<bool> DrainNodeAsync(string name, CancellationToken cancellationToken) =>
        !(await AskAsync<NodeProtocol.ListNodesReply>(new NodeProtocol.DrainNode(name), cancellationToken).ConfigureAwait(false))
            .Nodes.IsEmpty;

    /// <summary>Sends a request to a durable pool.</summary>
    /// <exception cref="TimeoutException">The pool does not answer.</exception>
    /// <exception cref="InvalidOperationException">The coordinators have no store, or the store failed.</exception>
    public async Task<T> AskPoolAsync<T>(string name, Func<PoolId, IWireMessage> createRequest, CancellationToken cancellationToken)
        where T : IWireMessage
    {
        try
        {
            var pool = PoolId.FromName(name);
            return await PoolRequest.SendAsync(_system, _coordinator, pool, createRequest(pool), _patience, cancellationToken)
                .ConfigureAwait(false) switch
            {
                PoolProtocol.PoolRefused refused => throw new InvalidOperationException(refused.Reason),
                PoolProtocol.PoolInterrupted interrupted => throw new InvalidOperationException(interrupted.Reason),
                var answer => RequireAnswer<T>(answer),
            };
        }
        catch (AskTimeoutException exception)
        {
            throw new TimeoutException($"The durable pool '{name}' does not answer. Check the coordinators, and try again.", exception);
        }
    }

    /// <summary>Checks that a durable pool exists.</summary>
    /// <exception cref="InvalidOperationException">There is no such pool.</exception>
    public static void RequirePool(bool exists, string name)
    {
        if (!exists)
            throw new InvalidOperationException($"There is no durable pool '{name}'. Check the name.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _system.Terminate().ConfigureAwait(false);

    /// <summary>Checks the type of an answer.</summary>
    /// <exception cref="InvalidOperationException">The answer has another type.</exception>
    internal static T RequireAnswer<T>(object answer) => answer is T expected
        ? expected
        : throw new InvalidOperationException(
            $"The coordinator answered {answer.GetType().Name} instead of {typeof(T).Name}. Use the same release for both.");

    private async Task<T> AskAsync<T>(IWireMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return RequireAnswer<T>(
                await PeerAsk.AskAsync<object>(_coordinator, message, _patience, cancellationToken).ConfigureAwait(false));
        }
        catch (AskTimeoutException exception)
        {
            throw new TimeoutException("The coordinator does not answer. Check that it runs, and try again.", exception);
        }
    }
}
