using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Actors.Remoting.Transport;

/// <summary>
/// The addresses at which a client or node accepts a coordinator that connects to it: those that its user named, those that coordinators
/// told it, and those that it has connected to. Without certificates, each holder of its key could call itself a coordinator otherwise.
/// Thread-safe.
/// </summary>
/// <param name="named">The addresses that the user named.</param>
public sealed class KnownCoordinators(IEnumerable<HostPort> named)
{
    /// <summary>The most addresses that a coordinator tells.</summary>
    public const int MaxTold = 64;

    private readonly ConcurrentDictionary<HostPort, bool> _addresses = new(named.Distinct().Select(at => KeyValuePair.Create(at, true)));

    /// <summary>The addresses, for a message to a client or node.</summary>
    public ImmutableArray<string> Told => [.. _addresses.Keys.Take(MaxTold).Select(at => at.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>Whether a coordinator may be at an address.</summary>
    public bool Contains(HostPort address) => _addresses.ContainsKey(address);

    /// <summary>Adds the address of a coordinator.</summary>
    public void Add(HostPort address) => _addresses.TryAdd(address, true);

    /// <summary>Adds the addresses that a coordinator told. Text that is not an address is ignored.</summary>
    public void AddTold(ImmutableArray<string> addresses)
    {
        foreach (var text in addresses.IsDefault ? [] : addresses.Take(MaxTold))
        {
            if (HostPort.TryParse(text, out var at))
                Add(at.Value);
        }
    }
}
