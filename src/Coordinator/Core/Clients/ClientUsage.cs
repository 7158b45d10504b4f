namespace Actors.Coordinator.Clients;

/// <summary>The resources of a coordinator that one client uses. Thread-safe: the actors of all its pools and objects count here.</summary>
/// <param name="limits">The limits.</param>
/// <param name="whole">The usage of all clients of a node together, which also limits this one. Null for none.</param>
public sealed class ClientUsage(ClientLimits limits, ClientUsage? whole = null)
{
    private readonly long[] _used = new long[Enum.GetValues<ClientResource>().Length];

    /// <summary>Gets the used amount of a resource.</summary>
    public long GetUsed(ClientResource resource) => Interlocked.Read(ref _used[(int)resource]);

    /// <summary>Adds an amount, unless the limit would be exceeded.</summary>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(ClientResource resource, long amount)
    {
        if (Interlocked.Add(ref _used[(int)resource], amount) <= limits[resource] && whole?.TryAdd(resource, amount) != false)
            return true;
        Interlocked.Add(ref _used[(int)resource], -amount);
        return false;
    }

    /// <summary>Adds an amount, or removes a negative one, without a check of the limit.</summary>
    public void Add(ClientResource resource, long amount)
    {
        Interlocked.Add(ref _used[(int)resource], amount);
        whole?.Add(resource, amount);
    }

    /// <summary>Gets the limit of a resource.</summary>
    public long GetLimit(ClientResource resource) => limits[resource];

    /// <inheritdoc cref="ClientLimits.FormatRefusal"/>
    public string FormatRefusal(ClientResource resource) => limits.FormatRefusal(resource);
}
