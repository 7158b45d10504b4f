namespace Actors.Coordinator.Clients;

/// <summary>
/// The durable pools or queues that clients have used recently. A request loads a pool or queue, even an unknown one, and keeps it in
/// memory for some time. So each of them counts toward a limit of the client for that time. Not thread-safe.
/// </summary>
/// <typeparam name="TKey">The type of their ids.</typeparam>
/// <param name="clock">The clock.</param>
/// <param name="duration">The time that a use counts.</param>
/// <param name="resource">The resource that it counts toward.</param>
public sealed class RecentUses<TKey>(TimeProvider clock, TimeSpan duration, ClientResource resource)
    where TKey : notnull
{
    private readonly HashSet<(ClientUsage Client, TKey Key)> _recent = [];
    private readonly Queue<(ClientUsage Client, TKey Key, long Since)> _oldestFirst = new();

    /// <summary>Adds a use. A repeated one counts once.</summary>
    /// <param name="client">The usage of the client. Null for a client without limits.</param>
    /// <param name="key">The durable pool or queue.</param>
    /// <returns>The reason of the refusal. Null when the client may use it.</returns>
    public string? TryAdd(ClientUsage? client, TKey key)
    {
        RemoveOld();
        if (client is null || _recent.Contains((client, key)))
            return null;
        if (!client.TryAdd(resource, 1))
            return client.FormatRefusal(resource);
        _recent.Add((client, key));
        _oldestFirst.Enqueue((client, key, clock.GetTimestamp()));
        return null;
    }

    /// <summary>Removes the uses whose time is over.</summary>
    public void RemoveOld()
    {
        while (_oldestFirst.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.Since) >= duration)
        {
            _oldestFirst.Dequeue();
            _recent.Remove((oldest.Client, oldest.Key));
            oldest.Client.Add(resource, -1);
        }
    }
}
