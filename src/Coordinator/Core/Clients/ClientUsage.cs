namespace Actors.Coordinator.Clients;

/// <summary>The resources of a coordinator that one client uses. Thread-safe: the actors of all its pools and objects count here.</summary>
public sealed class ClientUsage
{
    private readonly long[] _used = new long[Enum.GetValues<ClientResource>().Length];
    private readonly ClientLimits _limits;
    private readonly ClientMemory _total;
    private readonly ClientUsage? _whole;
    private bool _wasTotalFull;

    /// <param name="limits">The limits.</param>
    /// <param name="total">The memory of all clients. Null for a client without others.</param>
    public ClientUsage(ClientLimits limits, ClientMemory? total = null)
    {
        (_limits, _total) = (limits, total ?? new ClientMemory(limits.TotalMemory));
        Unread = new UnreadAnswers(this);
    }

    /// <param name="limits">The limits.</param>
    /// <param name="whole">The usage of all clients of a node together, which also limits this one.</param>
    public ClientUsage(ClientLimits limits, ClientUsage whole) =>
        (_limits, _whole, _total, Unread) = (limits, whole, whole._total, whole.Unread);

    /// <summary>The answers that the client has not received. The clients of a node share its connection, and so this.</summary>
    public UnreadAnswers Unread { get; }

    /// <summary>Whether all clients together use more memory than they may.</summary>
    public bool IsTotalExceeded => _total.IsExceeded;

    /// <summary>Gets the used amount of a resource.</summary>
    public long GetUsed(ClientResource resource) => Interlocked.Read(ref _used[(int)resource]);

    /// <summary>Adds an amount, unless a limit would be exceeded.</summary>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(ClientResource resource, long amount)
    {
        var isWithinLimit = Interlocked.Add(ref _used[(int)resource], amount) <= _limits[resource];
        if (isWithinLimit && (_whole?.TryAdd(resource, amount) ?? _total.TryAdd(resource, amount)))
            return true;
        Interlocked.Add(ref _used[(int)resource], -amount);
        Volatile.Write(ref _wasTotalFull, isWithinLimit && (_whole?._wasTotalFull ?? true));
        return false;
    }

    /// <summary>Adds an amount, or removes a negative one, without a check of the limit.</summary>
    public void Add(ClientResource resource, long amount)
    {
        Interlocked.Add(ref _used[(int)resource], amount);
        if (_whole is not null)
            _whole.Add(resource, amount);
        else
            _total.Add(resource, amount);
    }

    /// <summary>Gets the limit of a resource.</summary>
    public long GetLimit(ClientResource resource) => _limits[resource];

    /// <summary>Formats the reason of the last refusal.</summary>
    public string FormatRefusal(ClientResource resource) =>
        Volatile.Read(ref _wasTotalFull) ? _limits.FormatTotalRefusal() : _limits.FormatRefusal(resource);
}
