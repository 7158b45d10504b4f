using Actors.Coordinator.Clients;
using Actors.Messages;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The recent searches of clients for durable pools. A search loads the pool, even an unknown one, and keeps it in memory for some seconds.
/// So each pool that a client searches for counts towards its open pools for that time. Not thread-safe.
/// </summary>
/// <param name="clock">The clock.</param>
internal sealed class PoolSearches(TimeProvider clock)
{
    /// <summary>The time that a search counts: as long as a pool that does not exist stays loaded.</summary>
    internal static readonly TimeSpan Duration = DurablePoolActor.OpenTimeout;

    private readonly HashSet<(ClientUsage Client, PoolId Pool)> _recent = [];
    private readonly Queue<(ClientUsage Client, PoolId Pool, long Since)> _oldestFirst = new();

    /// <summary>Adds a search. A repeated one counts once.</summary>
    /// <param name="client">The usage of the client. Null for a client without limits.</param>
    /// <param name="pool">The durable pool.</param>
    /// <returns>The reason of the refusal. Null when the client may search for the pool.</returns>
    public string? TryAdd(ClientUsage? client, PoolId pool)
    {
        RemoveOld();
        if (client is null || _recent.Contains((client, pool)))
            return null;
        if (!client.TryAdd(ClientResource.Pools, 1))
            return client.FormatRefusal(ClientResource.Pools);
        _recent.Add((client, pool));
        _oldestFirst.Enqueue((client, pool, clock.GetTimestamp()));
        return null;
    }

    /// <summary>Removes the searches whose time is over.</summary>
    public void RemoveOld()
    {
        while (_oldestFirst.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.Since) >= Duration)
        {
            _oldestFirst.Dequeue();
            _recent.Remove((oldest.Client, oldest.Pool));
            oldest.Client.Add(ClientResource.Pools, -1);
        }
    }
}
