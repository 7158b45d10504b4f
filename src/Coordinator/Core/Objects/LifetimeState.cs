using Actors.Messages;
using Actors.Messages.Collections;

namespace Actors.Coordinator.Objects;

/// <summary>
/// Decides which managed objects are still used. An object is used while a process has a proxy of it, while it has a name, and, until its
/// creator ends, while another object contains a proxy of it. (Objects that contain each other keep each other until then.) An unused
/// object is removed after a grace time, in which a proxy on its way can arrive. Has no actor and no clock.
/// </summary>
public sealed class LifetimeState(TimeSpan grace)
{
    private readonly Dictionary<ObjectId, ObjectLifetime> _entries = [];
    private readonly MultiMap<Caller, ObjectId> _held = new();
    private readonly SortedSet<(TimeSpan Since, ObjectId Id)> _unwanted = new(Comparer<(TimeSpan Since, ObjectId Id)>.Create(
        (left, right) => (left.Since, left.Id.Value).CompareTo((right.Since, right.Id.Value))));

    private long _lastNumber;

    /// <summary>When <see cref="TakeUnwanted"/> returns the next object. Null for never.</summary>
    public TimeSpan? NextDeadline => _unwanted.Count == 0 ? null : _unwanted.Min.Since + grace;

    /// <summary>Adds an object.</summary>
    public void AddObject(ObjectId id, TimeSpan now)
    {
        if (_entries.TryAdd(id, new ObjectLifetime(++_lastNumber)))
            UpdateWanted(id, now);
    }

    /// <summary>Whether the object exists.</summary>
    public bool HasObject(ObjectId id) => _entries.ContainsKey(id);

    /// <summary>Whether a process has a proxy of the object.</summary>
    public bool IsHeld(ObjectId id, Caller holder) => _entries.TryGetValue(id, out var entry) && entry.Holders.Contains(holder);

    /// <summary>The number of objects of which a process has proxies.</summary>
    public int CountHeld(Caller holder) => _held[holder].Count;

    /// <summary>Adds a process that has a proxy of the object.</summary>
    public void AddHolder(ObjectId id, Caller holder, TimeSpan now)
    {
        if (!_entries.TryGetValue(id, out var entry) || !entry.Holders.Add(holder))
            return;
        _held.Add(holder, id);
        UpdateWanted(id, now);
    }

    /// <summary>Removes a process that has no proxy of the object any more.</summary>
    public void RemoveHolder(ObjectId id, Caller holder, TimeSpan now)
    {
        if (!_entries.TryGetValue(id, out var entry) || !entry.Holders.Remove(holder))
            return;
        _held.Remove(holder, id);
        UpdateWanted(id, now);
    }

    /// <summary>Removes a process that has ended.</summary>
    public void RemoveProcess(Caller holder, TimeSpan now)
    {
        foreach (var id in _held.RemoveKey(holder))
        {
            _entries[id].Holders.Remove(holder);
            UpdateWanted(id, now);
        }
    }

    /// <summary>Records that another object contains a proxy of the object, which may be elsewhere.</summary>
    /// <returns>Whether this was not known.</returns>
    public bool AddContained(ObjectId container, ObjectId id, TimeSpan now)
    {
        // An object that contains itself would never be removed.
        if (container == id || !_entries.TryGetValue(container, out var outer))
            return false;
        if (!_entries.TryGetValue(id, out var entry))
            return outer.ContainsElsewhere.Add(id);
        if (!outer.Contains.Add((id, entry.Number)))
            return false;
        entry.Containers++;
        UpdateWanted(id, now);
        return true;
    }

    /// <summary>Whether an object is known to contain a proxy of another one.</summary>
    public bool IsContained(ObjectId container, ObjectId id) => _entries.TryGetValue(container, out var outer)
        && (outer.ContainsElsewhere.Contains(id)
            || (_entries.TryGetValue(id, out var inner) && outer.Contains.Contains((id, inner.Number))));

    /// <summary>Adds a name of the object.</summary>
    /// <returns>Whether the object exists.</returns>
    public bool AddName(ObjectId id, TimeSpan now)
    {
        if (!_entries.TryGetValue(id, out var entry))
            return false;
        entry.Names++;
        UpdateWanted(id, now);
        return true;
    }

    /// <summary>Removes a name of the object.</summary>
    public void RemoveName(ObjectId id, TimeSpan now)
    {
        if (!_entries.TryGetValue(id, out var entry))
            return;
        entry.Names--;
        UpdateWanted(id, now);
    }

    /// <summary>Whether the object has a name.</summary>
    public bool IsNamed(ObjectId id) => _entries.TryGetValue(id, out var entry) && entry.Names > 0;

    /// <summary>
    /// The creator of a named object has ended. Other objects do not keep this one any more: objects without a creator that contain each
    /// other would stay for ever.
    /// </summary>
    public void RemoveMaker(ObjectId id, TimeSpan now)
    {
        if (!_entries.TryGetValue(id, out var entry))
            return;
        entry.IsOrphan = true;
        UpdateWanted(id, now);
    }

    /// <summary>Removes an object.</summary>
    /// <returns>The processes that had a proxy of it.</returns>
    public IReadOnlyCollection<Caller> RemoveObject(ObjectId id, TimeSpan now)
    {
        if (!_entries.Remove(id, out var entry))
            return [];
        if (entry.UnwantedSince is { } since)
            _unwanted.Remove((since, id));
        foreach (var holder in entry.Holders)
            _held.Remove(holder, id);
        foreach (var (contained, number) in entry.Contains)
        {
            if (!_entries.TryGetValue(contained, out var inner) || inner.Number != number)
                continue;
            inner.Containers--;
            UpdateWanted(contained, now);
        }

        return entry.Holders;
    }

    /// <summary>Gets the objects that were unused for the grace time.</summary>
    public List<ObjectId> TakeUnwanted(TimeSpan now) =>
        [.. _unwanted.TakeWhile(unwanted => unwanted.Since + grace <= now).Select(unwanted => unwanted.Id)];

    private void UpdateWanted(ObjectId id, TimeSpan now)
    {
        var entry = _entries[id];
        var isWanted = entry.Holders.Count > 0 || entry.Names > 0 || (entry.Containers > 0 && !entry.IsOrphan);
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

    private sealed class ObjectLifetime(long number)
    {
        /// <summary>The number of the object. Another object with the id of a removed one has another number.</summary>
        public long Number => number;

        public HashSet<Caller> Holders { get; } = [];

        public HashSet<(ObjectId Id, long Number)> Contains { get; } = [];

        public HashSet<ObjectId> ContainsElsewhere { get; } = [];

        public int Containers { get; set; }

        public int Names { get; set; }

        /// <summary>Whether its creator has ended.</summary>
        public bool IsOrphan { get; set; }

        public TimeSpan? UnwantedSince { get; set; }
    }
}
