namespace Actors.Messages.Nodes;

/// <summary>Max-min fair shares: who wants little gets it; those that want more share what is left equally.</summary>
internal static class FairShares
{
    /// <param name="wanted">What each wants, in an order that decides where they are equal.</param>
    /// <param name="capacity">What there is.</param>
    /// <returns>What each gets: one at least, even where there is less than one for each.</returns>
    public static long[] ComputeShares(IReadOnlyList<int> wanted, long capacity)
    {
        var shares = new long[wanted.Count];
        var left = capacity;
        var hungry = Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i]).ThenBy(i => i).ToList();
        for (var i = 0; i < hungry.Count; i++)
        {
            var fair = left / (hungry.Count - i);
            var rest = left % (hungry.Count - i) > 0 ? 1 : 0;
            shares[hungry[i]] = Math.Min(wanted[hungry[i]], fair + rest);
            left -= shares[hungry[i]];
        }

        return [.. shares.Select(share => Math.Max(1, share))];
    }
}
