using Actors.Messages;

namespace Actors.Coordinator.Objects;

/// <summary>
/// Which managed objects are still wanted. An object is while a process has a proxy of it, while another object that is there contains one
/// (two that contain each other keep each other), and while it has a name. One that is not is due for removal after a grace time, in
/// which a proxy that was under way can arrive. Knows no actor and no clock.
/// </summary>
internal sealed class LifetimeState(TimeSpan grace)
{
    private readonly Dictionary<ObjectId, ObjectLifetime> _entries = [];
    private readonly Dictionary<Caller, HashSet<ObjectId>> _held = [];
    private readonly SortedSet<(TimeSpan Since, ObjectId Id)> _unwanted = new(Comparer<(TimeSpan Since, ObjectId Id)>.Create(
        (left, right) => (left.Since, left.Id.Value).CompareTo((right.Since, right.Id.Value))));

    /// <summary>When <see cref="TakeUnwanted"/> has something to say next; null for never.</summary>
    public TimeSpan? NextDeadline => _unwanted.Count == 0 ? null : _unwanted.Min.Since + grace;

    /// <summary>The object was made.</summary>
    public void AddObject(ObjectId id, TimeSpan now)
    {
        if (_entries.TryAdd(id, new ObjectLifetime()))
            UpdateWanted(id, now);
    }

    /// <summary>The process has a proxy of it.</summary>
    public void AddHolder(ObjectId id, Caller holder, TimeSpan now)
    {
        if (!_entries.TryGetValue(id, out var entry) || !entry.Holders.Add(holder))
            return;
        if (!_held.TryGetValue(holder, out var held))
            _held[holder] = held = [];
        held.Add(id);
        UpdateWanted(id, now);
    }

    /// <summary>The process has no proxy of it any more.</summary>
    public void RemoveHolder(ObjectId id, Caller holder, TimeSpan now)
    {
        if (!_entries.TryGetValue(id, out var entry) || !entry.Holders.Remove(holder))
            return;
        _held[holder].Remove(id);
        UpdateWanted(id, now);
    }

    /// <summary>The process is gone.</summary>
    public void RemoveProcess(Caller holder, TimeSpan now)
    {
        if (!_held.Remove(holder, out var held))
            return;
        foreach (var id in held)
        {
            _entries[id].Holders.Remove(holder);
            UpdateWanted(id, now);
        }
    }

    /// <summary>A proxy of the object was put into another: it stays for as long as that one.</summary>
    public void AddContained(ObjectId container, ObjectId id, TimeSpan now)
    {
        // An object in itself would never go.
        if (container == id || !_entries.TryGetValue(id, out var entry) || !_entries.TryGetValue(container, out var outer))
            return;
        if (outer.Contains.Add(id))
            entry.Containers++;
        UpdateWanted(id, now);
    }

    /// <summary>The object was given a name.</summary>
    /// <returns>Whether there is such an object.</returns>
    public bool AddName(ObjectId id, TimeSpan now)
    {
        if (!_entries.TryGetValue(id, out var entry))
            return false;
        entry.Names++;
        UpdateWanted(id, now);
        return true;
    }

    /// <summary>A name of the object was given up.</summary>
    public void RemoveName(ObjectId id, TimeSpan now)
    {
        if (!_entries.TryGetValue(id, out var entry))
            return;
        entry.Names--;
        UpdateWanted(id, now);
    }

    /// <summary>Whether the object has a name.</summary>
    public bool IsNamed(ObjectId id) => _entries.TryGetValue(id, out var entry) && entry.Names > 0;

    /// <summary>The object is not there any more, for whatever reason.</summary>
    public void RemoveObject(ObjectId id, TimeSpan now)
    {
        if (!_entries.Remove(id, out var entry))
            return;
        if (entry.UnwantedSince is { } since)
            _unwanted.Remove((since, id));
        foreach (var holder in entry.Holders)
            _held[holder].Remove(id);
        foreach (var contained in entry.Contains)
        {
            if (!_entries.TryGetValue(contained, out var inner))
                continue;
            inner.Containers--;
            UpdateWanted(contained, now);
        }
    }

    /// <summary>The objects that nobody has wanted for the grace time: to be removed.</summary>
    public List<ObjectId> TakeUnwanted(TimeSpan now) =>
        [.. _unwanted.TakeWhile(unwanted => unwanted.Since + grace <= now).Select(unwanted => unwanted.Id)];

    private void UpdateWanted(ObjectId id, TimeSpan now)
    {
        var entry = _entries[id];
        var isWanted = entry.Holders.Count > 0 || entry.Containers > 0 || entry.Names > 0;
        if (isWanted && entry.UnwantedSince is { } since)
        {
            _unwanted.Remove((since, id));
            entry.UnwantedSince = null;
        }
        else if (!isWanted && entry.UnwantedSince is null)
        {
            entry.UnwantedSince = now;
            _unwanted.Add((now, id));
        }
    }

    private sealed class ObjectLifetime
    {
        public HashSet<Caller> Holders { get; } = [];

        public HashSet<ObjectId> Contains { get; } = [];

        public int Containers { get; set; }

        public int Names { get; set; }

        public TimeSpan? UnwantedSince { get; set; }
    }
}
