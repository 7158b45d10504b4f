using Actors.Messages.Collections;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// The items of a queue that processes have received and not acknowledged. Each has a lease with a number that is never used again, so that
/// a late acknowledgment does not concern a later delivery.
/// </summary>
public sealed class ItemLeases
{
    private readonly Dictionary<long, ItemLease> _leases = [];
    private readonly Dictionary<(Caller Caller, long Call), long> _unconfirmed = new(SeededCallComparer<Caller>.Instance);

    /// <summary>The number of the last lease.</summary>
    public long LastNumber { get; private set; }

    /// <summary>All leases.</summary>
    public IEnumerable<ItemLease> All => _leases.Values;

    /// <summary>Adds a lease of an item.</summary>
    /// <returns>The number of the lease.</returns>
    public long AddLease(Caller caller, long call, QueueItem item)
    {
        RestoreLease(new ItemLease(++LastNumber, caller, call, item));
        return LastNumber;
    }

    /// <summary>Whether the caller has not confirmed the answer to a call that has delivered an item.</summary>
    public bool IsUnconfirmed(Caller caller, long call) => _unconfirmed.ContainsKey((caller, call));

    /// <summary>Confirms that the caller has received the answer. It holds the lease from now on until it acknowledges or dies.</summary>
    public void ConfirmReceipt(Caller caller, long call)
    {
        if (_unconfirmed.Remove((caller, call), out var number))
            _leases[number] = _leases[number] with { Call = null };
    }

    /// <summary>Ends a lease.</summary>
    /// <returns>The item; null if the caller does not have the lease.</returns>
    public QueueItem? EndLease(Caller caller, long number)
    {
        if (!_leases.TryGetValue(number, out var lease) || lease.Caller != caller)
            return null;
        _leases.Remove(number);
        if (lease.Call is { } call)
            _unconfirmed.Remove((caller, call));
        return lease.Item;
    }

    /// <summary>Ends the lease of an abandoned call.</summary>
    /// <returns>The item; null if the call has delivered none, or its answer was received.</returns>
    public QueueItem? EndAbandoned(Caller caller, long call) =>
        _unconfirmed.TryGetValue((caller, call), out var number) ? EndLease(caller, number) : null;

    /// <summary>Ends the leases of a caller whose process has ended.</summary>
    /// <returns>The items.</returns>
    public List<QueueItem> EndLeasesOf(Caller caller) =>
        [.. _leases.Values.Where(lease => lease.Caller == caller).ToList().Select(lease => EndLease(caller, lease.Number)!.Value)];

    /// <summary>Restores a lease from a snapshot.</summary>
    public void RestoreLease(ItemLease lease)
    {
        _leases.Add(lease.Number, lease);
        if (lease.Call is { } call)
            _unconfirmed.Add((lease.Caller, call), lease.Number);
    }

    /// <summary>Restores the number of the last lease from a snapshot.</summary>
    public void RestoreLastNumber(long number) => LastNumber = number;
}

/// <summary>A lease of an item.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Caller">The process that has received the item.</param>
/// <param name="Call">The call that has delivered the item, until the process confirms the receipt; then null.</param>
/// <param name="Item">The item.</param>
public sealed record ItemLease(long Number, Caller Caller, long? Call, QueueItem Item);
