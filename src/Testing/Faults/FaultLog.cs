namespace Actors.Testing;

/// <summary>The injected faults of a plan. Thread-safe.</summary>
internal sealed class FaultLog
{
    private readonly Lock _access = new();
    private readonly List<Entry> _entries = [];
    private Func<IEnumerable<InjectedFault>>? _readOthers;

    /// <summary>The injected faults, in the order of their times. Those that had no effect so far are not among them.</summary>
    public IReadOnlyList<InjectedFault> Faults => ReadFaults(static entry => entry.HadEffect);

    /// <summary>All faults that were started, with or without an effect, in the order of their times.</summary>
    public IReadOnlyList<InjectedFault> Started => ReadFaults(static _ => true);

    /// <summary>Records a fault that had its effect.</summary>
    public void AddFault(InjectedFault fault) => AddStarted(fault)();

    /// <summary>Records a fault that may never have an effect, such as the loss of messages when none is sent.</summary>
    /// <returns>To be called at the first effect.</returns>
    public Action AddStarted(InjectedFault fault)
    {
        var entry = new Entry(fault);
        lock (_access)
            _entries.Add(entry);
        return () =>
        {
            lock (_access)
                entry.HadEffect = true;
        };
    }

    /// <summary>Reads further faults whenever the list is requested, until <see cref="KeepOthers"/>.</summary>
    public void ReadOthers(Func<IEnumerable<InjectedFault>> read)
    {
        lock (_access)
            _readOthers = read;
    }

    /// <summary>Reads further faults for the last time.</summary>
    public void KeepOthers()
    {
        lock (_access)
        {
            _entries.AddRange((_readOthers?.Invoke() ?? []).Select(static fault => new Entry(fault) { HadEffect = true }));
            _readOthers = null;
        }
    }

    private IReadOnlyList<InjectedFault> ReadFaults(Func<Entry, bool> isWanted)
    {
        lock (_access)
        {
            var faults = _entries.Where(isWanted).Select(static entry => entry.Fault);
            return [.. faults.Concat(_readOthers?.Invoke() ?? []).OrderBy(fault => fault.Time)];
        }
    }

    private sealed class Entry(InjectedFault fault)
    {
        public InjectedFault Fault => fault;

        public bool HadEffect { get; set; }
    }
}
