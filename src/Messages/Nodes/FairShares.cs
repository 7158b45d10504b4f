namespace Actors.Messages.Nodes;

/// <summary>Computes max-min fair shares: small demands are met in full, and larger ones share the rest equally.</summary>
public static class FairShares
{
    /// <param name="wanted">The demands. Their order decides between equal ones.</param>
    /// <param name="capacity">The total to share.</param>
    /// <returns>The shares. Each is at least one, even if the total is too small.</returns>
    public static long[] ComputeShares(IReadOnlyList<int> wanted, long capacity)
    {
        var shares = new long[wanted.Count];
        var left = capacity;
        var unmet = Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i]).ThenBy(i => i).ToList();
        for (var i = 0; i < unmet.Count; i++)
        {
            var fair = left / (unmet.Count - i);
            var rest = left % (unmet.Count - i) > 0 ? 1 : 0;
            shares[unmet[i]] = Math.Min(wanted[unmet[i]], fair + rest);
            left -= shares[unmet[i]];
        }

        return [.. shares.Select(share => Math.Max(1, share))];
    }
}
