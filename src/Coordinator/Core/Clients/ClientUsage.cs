namespace Actors.Coordinator.Clients;

/// <summary>The resources of a coordinator that one client uses. Thread-safe: the actors of all its pools and objects count here.</summary>
/// <param name="limits">The limits.</param>
internal sealed class ClientUsage(ClientLimits limits)
{
    private readonly long[] _used = new long[Enum.GetValues<ClientResource>().Length];

    /// <summary>Gets the used amount of a resource.</summary>
    public long GetUsed(ClientResource resource) => Interlocked.Read(ref _used[(int)resource]);

    /// <summary>Adds an amount, unless the limit would be exceeded.</summary>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(ClientResource resource, long amount)
    {
        if (Interlocked.Add(ref _used[(int)resource], amount) <= limits[resource])
            return true;
        Add(resource, -amount);
        return false;
    }

    /// <summary>Adds an amount, or removes a negative one, without a check of the limit.</summary>
    public void Add(ClientResource resource, long amount) => Interlocked.Add(ref _used[(int)resource], amount);

    /// <summary>Gets the limit of a resource.</summary>
    public long GetLimit(ClientResource resource) => limits[resource];

    /// <inheritdoc cref="ClientLimits.FormatRefusal"/>
    public string FormatRefusal(ClientResource resource) => limits.FormatRefusal(resource);
}
