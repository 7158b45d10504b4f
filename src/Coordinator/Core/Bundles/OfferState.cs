using Actors.Messages;
using Actors.Messages.Bundles;

namespace Actors.Coordinator.Bundles;

/// <summary>Which contents clients have offered and may send, and how long they are at most.</summary>
internal sealed class OfferState
{
    private const int MostOffers = 64;

    private readonly Dictionary<BundleId, Dictionary<BundleId, long>> _offers = [];

    /// <summary>A client will send these contents of a bundle.</summary>
    /// <returns>Whether there is room for it.</returns>
    public bool Begin(BundleId bundle, IEnumerable<BundleFile> missing)
    {
        if (_offers.Count >= MostOffers && !_offers.ContainsKey(bundle))
            return false;
        _offers[bundle] = missing.GroupBy(file => file.Content).ToDictionary(files => files.Key, files => files.Max(file => file.Length));
        return true;
    }

    /// <summary>All of it is here, or nothing was heard of it for a while.</summary>
    public void End(BundleId bundle) => _offers.Remove(bundle);

    /// <summary>The bundles that a content is awaited for.</summary>
    public IReadOnlyList<BundleId> Of(BundleId content) => [.. _offers.Where(offer => offer.Value.ContainsKey(content)).Select(offer => offer.Key)];

    /// <summary>How long a content may be; null when nobody has offered it.</summary>
    public long? LengthOf(BundleId content) =>
        _offers.Values.Where(lengths => lengths.ContainsKey(content)).Select(lengths => (long?)lengths[content]).Max();
}
