using Actors.Coordinator.Clients;
using Actors.Messages;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>
/// The processes that have proxies of objects. A process can report any number of proxies, so each counts as memory of its program. Not
/// thread-safe.
/// </summary>
/// <param name="system">The actor system.</param>
/// <param name="lifetimes">Decides which objects are still used.</param>
public sealed class ProxyHolders(ActorSystem system, LifetimeState lifetimes) : IDisposable
{
    /// <summary>The bytes of the records of a proxy, approximately.</summary>
    private const int ProxySize = 128;

    private readonly Dictionary<Caller, ClientCharge> _charges = [];

    /// <summary>Adds a process that has a proxy of an object.</summary>
    /// <returns>Whether its program may have the proxy. Otherwise the object may be removed while the process uses it.</returns>
    public bool TryAdd(ObjectId id, Caller holder, IActorRef actor, TimeSpan now)
    {
        if (!lifetimes.HasObject(id) || lifetimes.IsHeld(id, holder))
            return true;
        if (!_charges.TryGetValue(holder, out var charge))
            charge = ClientUsages.CreateCharge(system, actor, ClientResource.ObjectMemory);
        if (!charge.TryGrow(ProxySize))
            return false;
        _charges[holder] = charge;
        lifetimes.AddHolder(id, holder, now);
        return true;
    }

    /// <summary>Removes a process that has no proxy of the object any more.</summary>
    public void Remove(ObjectId id, Caller holder, TimeSpan now)
    {
        lifetimes.RemoveHolder(id, holder, now);
        UpdateCharge(holder);
    }

    /// <summary>Removes a process that has ended.</summary>
    public void RemoveProcess(Caller holder, TimeSpan now)
    {
        lifetimes.RemoveProcess(holder, now);
        UpdateCharge(holder);
    }

    /// <summary>Removes an object.</summary>
    public void RemoveObject(ObjectId id, TimeSpan now)
    {
        foreach (var holder in lifetimes.RemoveObject(id, now))
            UpdateCharge(holder);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var charge in _charges.Values)
            charge.Dispose();
        _charges.Clear();
    }

    private void UpdateCharge(Caller holder)
    {
        if (!_charges.TryGetValue(holder, out var charge))
            return;
        charge.SetAmount((long)lifetimes.CountHeld(holder) * ProxySize);
        if (charge.Amount == 0)
            _charges.Remove(holder);
    }
}
