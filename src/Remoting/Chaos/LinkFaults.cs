using Actors.Remoting.Transport;

namespace Actors.Remoting.Chaos;

/// <summary>The injected partition of this program, and the connections that it applies to. Thread-safe.</summary>
public sealed class LinkFaults
{
    private readonly Lock _access = new();
    private readonly HashSet<LinkFaultFilter> _filters = [];
    private volatile LinkCut? _cut;

    /// <summary>Begins a partition, which replaces the previous one; null ends it.</summary>
    public void SetCut(LinkCut? cut)
    {
        LinkFaultFilter[] filters;
        lock (_access)
        {
            _cut = cut;
            filters = [.. _filters];
        }

        foreach (var filter in filters)
            filter.ApplyCut();
    }

    /// <summary>Gets the partition from a peer; null for none.</summary>
    public LinkCut? FindCut(LinkPeer peer) => _cut is { } cut && cut.Separates(peer) ? cut : null;

    /// <summary>Adds a connection that has been opened.</summary>
    public void AddFilter(LinkFaultFilter filter)
    {
        lock (_access)
            _filters.Add(filter);
        filter.ApplyCut();
    }

    /// <summary>Removes a connection that has ended, when it holds nothing any more.</summary>
    public void RemoveFilter(LinkFaultFilter filter)
    {
        lock (_access)
            _filters.Remove(filter);
    }
}
