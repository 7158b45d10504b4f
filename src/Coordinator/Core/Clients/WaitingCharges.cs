using Actors.Messages.Collections;
using Akka.Actor;

namespace Actors.Coordinator.Clients;

/// <summary>The waiting calls of other programs at one actor. They count toward the limits of these programs. Not thread-safe.</summary>
/// <param name="system">The actor system.</param>
/// <param name="chargesMemory">Whether the arguments count too. Otherwise they count toward the object's creator.</param>
public sealed class WaitingCharges(ActorSystem system, bool chargesMemory = false) : IDisposable
{
    private readonly Dictionary<(IActorRef Caller, long Call), WaitingCharge> _charges = new(SeededCallComparer<IActorRef>.Instance);

    /// <summary>The bytes of the arguments of these calls.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a call that waits.</summary>
    /// <returns>The reason of the refusal. Null when the call may wait.</returns>
    public string? TryAddCall(IActorRef caller, long call, long bytes)
    {
        if (ClientUsages.FindUsage(system, caller) is not { } usage)
            return null;
        if (!usage.TryAdd(ClientResource.WaitingCalls, 1))
            return usage.FormatRefusal(ClientResource.WaitingCalls);
        if (chargesMemory && !usage.TryAdd(ClientResource.ObjectMemory, bytes))
        {
            usage.Add(ClientResource.WaitingCalls, -1);
            return usage.FormatRefusal(ClientResource.ObjectMemory);
        }

        // A program that uses a number twice has two calls.
        var (count, before) = _charges.TryGetValue((caller, call), out var known) ? (known.Count, known.Bytes) : (0, 0);
        _charges[(caller, call)] = new WaitingCharge(usage, count + 1, before + bytes);
        Bytes += bytes;
        return null;
    }

    /// <summary>Removes a call that was answered or abandoned.</summary>
    public void RemoveCall(IActorRef caller, long call)
    {
        if (_charges.Count == 0 || !_charges.Remove((caller, call), out var charge))
            return;
        EndCharge(charge);
        Bytes -= charge.Bytes;
    }

    /// <summary>Removes the calls of a program that has ended.</summary>
    public void RemoveCaller(IActorRef caller)
    {
        foreach (var (key, _) in _charges.Where(charge => charge.Key.Caller.Equals(caller)).ToList())
            RemoveCall(key.Caller, key.Call);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var charge in _charges.Values)
            EndCharge(charge);
        _charges.Clear();
    }

    private void EndCharge(WaitingCharge charge)
    {
        charge.Usage.Add(ClientResource.WaitingCalls, -charge.Count);
        if (chargesMemory)
            charge.Usage.Add(ClientResource.ObjectMemory, -charge.Bytes);
    }

    private readonly record struct WaitingCharge(ClientUsage Usage, int Count, long Bytes);
}
