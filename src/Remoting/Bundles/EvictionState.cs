using Actors.Messages;

namespace Actors.Remoting.Bundles;

/// <summary>A stored bundle.</summary>
/// <param name="Bundle">Its id.</param>
/// <param name="LastUsed">When a program last used it, in ticks of the clock of the file system.</param>
/// <param name="Contents">The contents of its files.</param>
public sealed record StoredBundle(BundleId Bundle, long LastUsed, IReadOnlySet<BundleId> Contents);

/// <summary>
/// Decides which stored bundles make room for another one: the least recently used first. A content stays while another bundle or a running
/// upload needs it. Has no clock and no files.
/// </summary>
public sealed class EvictionState
{
    private readonly Queue<StoredBundle> _candidates;
    private readonly Dictionary<BundleId, int> _references = [];

    /// <param name="stored">The stored bundles.</param>
    /// <param name="retained">The contents of running uploads and of the bundle that needs room.</param>
    public EvictionState(IReadOnlyCollection<StoredBundle> stored, IEnumerable<BundleId> retained)
    {
        _candidates = new Queue<StoredBundle>(stored.OrderBy(bundle => bundle.LastUsed));
        foreach (var content in stored.SelectMany(bundle => bundle.Contents).Concat(retained))
            _references[content] = _references.GetValueOrDefault(content) + 1;
    }

    /// <summary>Takes the least recently used bundle that was not taken before. Null if there is none.</summary>
    public StoredBundle? TakeNext() => _candidates.TryDequeue(out var next) ? next : null;

    /// <summary>Removes a bundle that no program uses.</summary>
    /// <returns>The contents that nothing needs any more.</returns>
    public IReadOnlyList<BundleId> RemoveBundle(StoredBundle bundle)
    {
        foreach (var content in bundle.Contents)
            _references[content]--;
        return [.. bundle.Contents.Where(content => _references[content] == 0)];
    }
}
