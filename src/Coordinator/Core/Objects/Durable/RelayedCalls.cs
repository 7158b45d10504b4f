using Actors.Coordinator.Clients;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Collections;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>
/// The calls of one caller that were relayed to durable objects and have no reply. They may wait in the memory of this coordinator while
/// the owner of an object stands still, so they count toward the limit of the client. Not thread-safe.
/// </summary>
/// <param name="usage">The client's usage. Null for a client without limits.</param>
public sealed class RelayedCalls(ClientUsage? usage) : IDisposable
{
    private readonly Dictionary<(ObjectId Object, long Call), long> _bytes = new(SeededCallComparer<ObjectId>.Instance);
    private readonly ClientCharge _charge = new(usage, ClientResource.ObjectMemory);

    /// <summary>Adds a call. A repeated call counts once.</summary>
    /// <returns>False if the client is above its limit.</returns>
    public bool TryAdd(ObjectCall call)
    {
        var key = (call.Object, call.Call);
        if (!_charge.IsLimited || _bytes.ContainsKey(key))
            return true;
        var bytes = ObjectSizes.MeasureWaiting(call);
        if (!_charge.TryGrow(bytes))
            return false;
        _bytes[key] = bytes;
        return true;
    }

    /// <summary>Removes a call that was answered or abandoned.</summary>
    public void Remove(ObjectId id, long call)
    {
        if (_bytes.Remove((id, call), out var bytes))
            _charge.SetAmount(_charge.Amount - bytes);
    }

    /// <summary>Removes the calls of an object that the caller does not use any more.</summary>
    public void RemoveObject(ObjectId id)
    {
        foreach (var key in _bytes.Keys.Where(key => key.Object == id).ToList())
            Remove(key.Object, key.Call);
    }

    /// <inheritdoc/>
    public void Dispose() => _charge.Dispose();
}
