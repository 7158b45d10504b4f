namespace Actors.Coordinator.Clients;

/// <summary>
/// The part of a client's usage that one holder, such as a pool, accounts for. The holder removes it when it ends. Not thread-safe.
/// </summary>
/// <param name="usage">The client's usage. Null for a holder without limits.</param>
/// <param name="resource">The resource.</param>
public sealed class ClientCharge(ClientUsage? usage, ClientResource resource) : IDisposable
{
    /// <summary>The amount.</summary>
    public long Amount { get; private set; }

    /// <summary>Whether there is a limit.</summary>
    public bool IsLimited => usage is not null;

    /// <summary>The limit of the client, for all holders together.</summary>
    public long Limit => usage?.GetLimit(resource) ?? long.MaxValue;

    /// <summary>Whether all clients together use more memory than they may.</summary>
    public bool IsTotalExceeded => usage is { IsTotalExceeded: true };

    /// <summary>Adds an amount, unless the client would exceed its limit.</summary>
    /// <returns>Whether it was added.</returns>
    public bool TryGrow(long amount)
    {
        if (usage is null)
            return true;
        if (!usage.TryAdd(resource, amount))
            return false;
        Amount += amount;
        return true;
    }

    /// <summary>Sets the amount, even above the limit.</summary>
    public void SetAmount(long amount)
    {
        if (usage is null || amount == Amount)
            return;
        usage.Add(resource, amount - Amount);
        Amount = amount;
    }

    /// <inheritdoc cref="ClientUsage.FormatRefusal"/>
    public string FormatRefusal() => usage!.FormatRefusal(resource);

    /// <inheritdoc/>
    public void Dispose() => SetAmount(0);
}
