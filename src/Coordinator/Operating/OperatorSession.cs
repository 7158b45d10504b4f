using System.Collections.Immutable;
using Actors.Hosting;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Coordinator.Operating;

/// <summary>An operator's connection to a coordinator; all nodes of a cluster are in a session with each of its coordinators.</summary>
internal sealed class OperatorSession : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly ActorSystem _system;
    private readonly IActorRef _coordinator;

    private OperatorSession(ActorSystem system, IActorRef coordinator) => (_system, _coordinator) = (system, coordinator);

    /// <summary>To any that answers.</summary>
    /// <exception cref="TimeoutException">None does.</exception>
    /// <exception cref="InvalidOperationException">It is on another machine, and there are no certificates.</exception>
    public static async Task<OperatorSession> ConnectToAnyAsync(IReadOnlyList<HostPort> coordinators, LinkSettings link, CancellationToken cancellationToken)
    {
        foreach (var at in coordinators)
            Loopback.RequireSafeConnection(at.Host, link.Tls, link.IsInsecure);
        var system = ActorSystemStarter.Start(RoleConfiguration.CreateClient(coordinators), new LinkIdentity(new LinkKeys(link.Key), link.Tls, coordinators));
        try
        {
            var (coordinator, _) = await CoordinatorConnector.ConnectToAnyAsync(system, coordinators, AnswerTimeout, cancellationToken).ConfigureAwait(false);
            return new OperatorSession(system, coordinator);
        }
        catch
        {
            await system.Terminate().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The nodes that are there.</summary>
    public async Task<ImmutableArray<NodeInfo>> ListNodesAsync(CancellationToken cancellationToken) =>
        (await QueryNodesAsync(new NodeProtocol.ListNodes(), cancellationToken).ConfigureAwait(false)).Nodes;

    /// <summary>Asks a node to finish what runs and go.</summary>
    /// <returns>Whether it is there.</returns>
    public async Task<bool> DrainNodeAsync(string name, CancellationToken cancellationToken) =>
        !(await QueryNodesAsync(new NodeProtocol.DrainNode(name), cancellationToken).ConfigureAwait(false)).Nodes.IsEmpty;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _system.Terminate().ConfigureAwait(false);

    private async Task<NodeProtocol.ListNodesReply> QueryNodesAsync(IWireMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await PeerAsk.AskAsync<NodeProtocol.ListNodesReply>(_coordinator, message, AnswerTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (AskTimeoutException exception)
        {
            throw new TimeoutException("The coordinator does not answer any more.", exception);
        }
    }
}
