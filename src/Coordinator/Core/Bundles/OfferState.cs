using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Bundles;

namespace Actors.Coordinator.Bundles;

/// <summary>
/// The contents that clients have offered and may send, with their longest lengths. Each client has its own offers: contents are known by
/// their hashes, and one client may know those of another.
/// </summary>
/// <param name="space">The bytes that the code of all clients may take on the coordinator's disk; one client adds half of it at most.</param>
internal sealed class OfferState(long space)
{
    private const int MaxOffers = 64;
    private const int MaxOffersOfClient = 8;

    private readonly Dictionary<(string Client, BundleId Bundle), Dictionary<BundleId, long>> _offers = [];
    private readonly Dictionary<string, long> _added = [];

    /// <summary>Adds or replaces a client's offer of the missing contents of a bundle.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="missing">The files that the coordinator does not have.</param>
    /// <param name="stored">The bytes of all contents that it has.</param>
    /// <returns>The reason why it is refused; null when it is accepted.</returns>
    public string? AddOffer(string client, BundleId bundle, IEnumerable<BundleFile> missing, long stored)
    {
        var contents = missing.GroupBy(file => file.Content).ToDictionary(files => files.Key, files => files.Max(file => file.Length));
        var others = _offers.Where(offer => offer.Key != (client, bundle)).ToList();
        var own = others.Where(offer => offer.Key.Client == client).ToList();
        if (others.Count >= MaxOffers || own.Count >= MaxOffersOfClient)
            return "Too many programs send their code at once. Try again in a minute.";
        var ofClient = own.SelectMany(offer => offer.Value.Values).Concat(contents.Values).Sum(BundleStore.GetCharge);
        var ofAll = others.SelectMany(offer => offer.Value).Concat(contents).DistinctBy(content => content.Key)
            .Sum(content => BundleStore.GetCharge(content.Value));
        if (CheckSpace(client, ofClient, ofAll, stored) is { } refusal)
            return refusal;
        _offers[(client, bundle)] = contents;
        return null;
    }

    /// <summary>Adds a file of a client: a content that has arrived, or a manifest.</summary>
    /// <returns>The reason why it is refused; null when it is accepted.</returns>
    public string? AddFile(string client, long length, long stored)
    {
        var charge = BundleStore.GetCharge(length);
        if (CheckSpace(client, charge, charge, stored) is { } refusal)
            return refusal;
        _added[client] = _added.GetValueOrDefault(client) + charge;
        return null;
    }

    private string? CheckSpace(string client, long ofClient, long ofAll, long stored)
    {
        const string remedy = "Start the coordinator with a larger --code-space, or with an empty cache directory.";
        if (_added.GetValueOrDefault(client) + ofClient > space / 2)
        {
            return FormattableString.Invariant(
                $"One client adds {space / 2:N0} bytes of code at most, and {ofClient:N0} more would exceed this. {remedy}");
        }

        return stored + ofAll > space
            ? FormattableString.Invariant(
                $"The coordinator's store of code is full: {stored:N0} of {space:N0} bytes are taken, and {ofAll:N0} more do not fit. {remedy}")
            : null;
    }

    /// <summary>Removes an offer: it is complete, or its client is silent.</summary>
    public void RemoveOffer(string client, BundleId bundle) => _offers.Remove((client, bundle));

    /// <summary>Removes all of a client that is disconnected.</summary>
    /// <returns>The bundles that it had offered.</returns>
    public IReadOnlyList<BundleId> RemoveClient(string client)
    {
        _added.Remove(client);
        var bundles = _offers.Keys.Where(offer => offer.Client == client).Select(offer => offer.Bundle).ToList();
        bundles.ForEach(bundle => RemoveOffer(client, bundle));
        return bundles;
    }

    /// <summary>The bundles for which a client may send a content.</summary>
    public IReadOnlyList<BundleId> FindBundles(string client, BundleId content) =>
        [.. _offers.Where(offer => offer.Key.Client == client && offer.Value.ContainsKey(content)).Select(offer => offer.Key.Bundle)];

    /// <summary>The longest length of a content of a client; null when the client has not offered it.</summary>
    public long? FindLength(string client, BundleId content) =>
        _offers.Where(offer => offer.Key.Client == client && offer.Value.ContainsKey(content)).Select(offer => (long?)offer.Value[content]).Max();
}
