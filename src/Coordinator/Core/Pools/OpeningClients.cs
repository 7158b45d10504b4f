namespace Actors.Coordinator.Pools;

/// <summary>
/// The clients that open a durable pool: they wait until the pool is read, and then until their session is written. Not thread-safe.
/// </summary>
public sealed class OpeningClients
{
    private readonly Dictionary<IRecipient, (PoolOpening Opening, OpenPoolCharge Charge)> _waiting = [];
    private readonly Dictionary<IRecipient, OpenPoolCharge> _connecting = [];

    /// <summary>Whether clients wait until the pool is read.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Whether clients wait until their session is written.</summary>
    public bool HasConnecting => _connecting.Count > 0;

    /// <summary>The name of the pool that the last waiting client has asked for; empty before the first one.</summary>
    public string LastName { get; private set; } = "";

    /// <summary>All clients that wait.</summary>
    public IEnumerable<IRecipient> All => _waiting.Keys.Concat(_connecting.Keys);

    /// <summary>Whether a client waits until the pool is read.</summary>
    public bool IsWaiting(IRecipient client) => _waiting.ContainsKey(client);

    /// <summary>Whether a client waits until its session is written.</summary>
    public bool IsConnecting(IRecipient client) => _connecting.ContainsKey(client);

    /// <summary>Adds a client that waits until the pool is read.</summary>
    /// <param name="client">The client.</param>
    /// <param name="opening">Its request.</param>
    /// <param name="charge">The memory that the request takes; released when the client no longer waits.</param>
    public void AddWaiting(IRecipient client, PoolOpening opening, OpenPoolCharge charge)
    {
        _waiting.Add(client, (opening, charge));
        LastName = opening.Message.Spec.Name;
    }

    /// <summary>Removes the waiting clients that are refused.</summary>
    /// <param name="refuse">Tells a client if it is refused, and returns whether it is.</param>
    public void RemoveRefused(Func<IRecipient, PoolOpening, bool> refuse)
    {
        foreach (var (client, (opening, charge)) in _waiting.ToList())
        {
            if (!refuse(client, opening))
                continue;
            charge.Dispose();
            _waiting.Remove(client);
        }
    }

    /// <summary>Takes the clients that wait until the pool is read. The memory of each is released before it is returned.</summary>
    public IEnumerable<(IRecipient Client, PoolOpening Opening)> TakeWaiting()
    {
        var waiting = _waiting.ToList();
        _waiting.Clear();
        foreach (var (client, (opening, charge)) in waiting)
        {
            charge.Dispose();
            yield return (client, opening);
        }
    }

    /// <summary>Adds a client that waits until its session is written.</summary>
    public void AddConnecting(IRecipient client, OpenPoolCharge charge) => _connecting.Add(client, charge);

    /// <summary>Removes a client whose session is written. Its link releases the memory from now on.</summary>
    public void RemoveConnecting(IRecipient client) => _connecting.Remove(client);

    /// <summary>Releases the memory of all clients, and forgets those that wait until the pool is read: it is not read any more.</summary>
    public void EndCharges()
    {
        foreach (var charge in _waiting.Values.Select(static waiting => waiting.Charge).Concat(_connecting.Values))
            charge.Dispose();
        _waiting.Clear();
    }
}
