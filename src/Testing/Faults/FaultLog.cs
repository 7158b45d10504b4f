namespace Actors.Testing;

/// <summary>The injected faults of a plan. Thread-safe.</summary>
internal sealed class FaultLog
{
    private readonly Lock _access = new();
    private readonly List<InjectedFault> _faults = [];
    private Func<IEnumerable<InjectedFault>>? _readOthers;

    /// <summary>The injected faults, in the order of their times.</summary>
    public IReadOnlyList<InjectedFault> Faults
    {
        get
        {
            lock (_access)
                return [.. _faults.Concat(_readOthers?.Invoke() ?? []).OrderBy(fault => fault.Time)];
        }
    }

    /// <summary>Records a fault.</summary>
    public void AddFault(InjectedFault fault)
    {
        lock (_access)
            _faults.Add(fault);
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
            _faults.AddRange(_readOthers?.Invoke() ?? []);
            _readOthers = null;
        }
    }
}
