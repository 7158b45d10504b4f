using Actors.Messages;
using Actors.Messages.Bundles;

namespace Actors.Coordinator.Bundles;

/// <summary>
/// Which contents clients have offered and may send, and how long they are at most. Each client has offers of its own: contents are known by their hashes, and
/// one client may know those of another.
/// </summary>
internal sealed class OfferState
{
    private const int MostOffers = 64;
    private const int MostOffersOfOne = 8;

    private readonly Dictionary<(string Client, BundleId Bundle), Dictionary<BundleId, long>> _offers = [];

    /// <summary>A client will send these contents of a bundle.</summary>
    /// <returns>Whether there is room for it.</returns>
    public bool Begin(string client, BundleId bundle, IEnumerable<BundleFile> missing)
    {
        if (!_offers.ContainsKey((client, bundle)) && (_offers.Count >= MostOffers || _offers.Keys.Count(offer => offer.Client == client) >= MostOffersOfOne))
            return false;
        _offers[(client, bundle)] = missing.GroupBy(file => file.Content).ToDictionary(files => files.Key, files => files.Max(file => file.Length));
        return true;
    }

    /// <summary>All of it is here, or nothing was heard of it for a while.</summary>
    public void End(string client, BundleId bundle) => _offers.Remove((client, bundle));

    /// <summary>The bundles that a client is to send a content for.</summary>
    public IReadOnlyList<BundleId> Of(string client, BundleId content) =>
        [.. _offers.Where(offer => offer.Key.Client == client && offer.Value.ContainsKey(content)).Select(offer => offer.Key.Bundle)];

    /// <summary>How long a content of a client may be; null when the client has not offered it.</summary>
    public long? LengthOf(string client, BundleId content) =>
        _offers.Where(offer => offer.Key.Client == client && offer.Value.ContainsKey(content)).Select(offer => (long?)offer.Value[content]).Max();
}
