using Actors.Messages.Chaos;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Chaos.Injection;

/// <summary>The programs of a cluster, and an operator's connection to each coordinator.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    /// <summary>The time in which one of the contacts must answer.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private readonly List<OperatorLink> _links;

    private ChaosCluster(List<OperatorLink> links) => _links = links;

    /// <summary>The addresses of all coordinators, sorted.</summary>
    public IReadOnlyList<HostPort> Coordinators => [.. _links.Select(link => link.At)];

    /// <summary>The addresses for clients.</summary>
    public string Connect => string.Join(',', Coordinators);

    /// <summary>Connects to all coordinators of a cluster.</summary>
    /// <param name="contacts">The addresses of coordinators. One that is running is enough to find the others.</param>
    /// <param name="link">The certificates.</param>
    /// <param name="operatorKey">The operators' key; null for the key of the user.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="TimeoutException">No coordinator answers.</exception>
    public static async Task<ChaosCluster> ConnectAsync(
        IReadOnlyList<HostPort> contacts, LinkSettings link, AccessKey? operatorKey, CancellationToken cancellationToken)
    {
        var targets = await FindAnyAsync(contacts, link, operatorKey, cancellationToken).ConfigureAwait(false);
        var found = contacts.Union(HostPort.ParseList(string.Join(',', targets)));
        var sorted = found.OrderBy(at => at.ToString(), StringComparer.Ordinal);
        return new ChaosCluster([.. sorted.Select(at => new OperatorLink(at, link, operatorKey))]);
    }

    /// <summary>
    /// Gets the nodes that at least one coordinator knows, sorted by name, and whether all coordinators are complete members.
    /// </summary>
    public async Task<ClusterView> GetViewAsync(CancellationToken cancellationToken)
    {
        var replies = await Task.WhenAll(_links.Select(link => TryListTargetsAsync(link, cancellationToken))).ConfigureAwait(false);
        var nodes = replies.OfType<ChaosProtocol.ListTargetsReply>().SelectMany(reply => reply.Nodes).DistinctBy(node => node.Name)
            .OrderBy(node => node.Name, StringComparer.Ordinal);
        var missing = _links.Where((_, index) =>
            replies[index] is not { IsMember: true } reply || reply.Coordinators.Length < _links.Count - 1).Select(link => link.At);
        return new ClusterView([.. nodes], [.. missing], replies.Any(reply => reply?.HasStore == true));
    }

    /// <summary>Injects a fault into a coordinator.</summary>
    public Task<string> InjectIntoCoordinatorAsync(HostPort at, ChaosFault fault, CancellationToken cancellationToken) =>
        _links.Single(link => link.At == at).InjectFaultAsync("", fault, cancellationToken);

    /// <summary>Injects a fault into a node, through the first coordinator that reaches it.</summary>
    /// <exception cref="ChaosRefusedException">The node or the coordinator does not permit it.</exception>
    /// <exception cref="TimeoutException">The node does not answer.</exception>
    public async Task<string> InjectIntoNodeAsync(string node, ChaosFault fault, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        foreach (var link in _links)
        {
            if (await TryListTargetsAsync(link, cancellationToken).ConfigureAwait(false) is not { } targets
                || targets.Nodes.All(known => known.Name != node))
                continue;
            try
            {
                return await link.InjectFaultAsync(node, fault, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException exception)
            {
                failure = exception;
            }
        }

        throw new TimeoutException($"The node {node} does not answer.", failure);
    }

    /// <summary>Asks every program whether it permits chaos.</summary>
    /// <exception cref="ChaosRefusedException">A program does not.</exception>
    public async Task RequirePermissionAsync(ClusterView view, CancellationToken cancellationToken)
    {
        var nothing = new ChaosFault(ChaosFaultKind.None, 0, 0);
        foreach (var link in _links)
            await link.InjectFaultAsync("", nothing, cancellationToken).ConfigureAwait(false);
        foreach (var node in view.Nodes)
            await InjectIntoNodeAsync(node.Name, nothing, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            await link.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Asks the contacts in turn until one answers. They may still be starting.</summary>
    /// <returns>The addresses of all coordinators that it knows.</returns>
    private static async Task<IReadOnlyList<string>> FindAnyAsync(
        IReadOnlyList<HostPort> contacts, LinkSettings link, AccessKey? operatorKey, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var contact = contacts[attempt % contacts.Count];
            await using var first = new OperatorLink(contact, link, operatorKey);
            try
            {
                var targets = await first.ListTargetsAsync(cancellationToken).ConfigureAwait(false);
                return targets.Coordinators.Add(contact.ToString());
            }
            catch (TimeoutException exception)
                when (attempt + 1 >= contacts.Count && TimeProvider.System.GetElapsedTime(began) > ConnectTimeout)
            {
                throw new TimeoutException(
                    $"No coordinator answers at {string.Join(", ", contacts)}. Check that they run, and try again.", exception);
            }
            catch (TimeoutException)
            {
                // The next one may answer.
            }
        }
    }

    private static async Task<ChaosProtocol.ListTargetsReply?> TryListTargetsAsync(OperatorLink link, CancellationToken cancellationToken)
    {
        try
        {
            return await link.ListTargetsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}

/// <summary>The state of a cluster at one time.</summary>
/// <param name="Nodes">The nodes that at least one coordinator knows, sorted by name.</param>
/// <param name="MissingCoordinators">The coordinators that do not answer, or do not know all others.</param>
/// <param name="HasStore">Whether the coordinators have a store.</param>
internal sealed record ClusterView(IReadOnlyList<ChaosNode> Nodes, IReadOnlyList<HostPort> MissingCoordinators, bool HasStore);
