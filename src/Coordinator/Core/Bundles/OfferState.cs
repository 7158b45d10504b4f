using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting;
using Actors.Remoting.Bundles;

namespace Actors.Coordinator.Bundles;

/// <summary>
/// The contents that clients have offered and may upload, with their longest lengths. Each client has its own offers: contents are
/// identified by hash, and one client may know the hashes of another.
/// </summary>
/// <param name="space">
/// The space for the code of all clients on the coordinator's disk, in bytes. One client may add half of it at most.
/// </param>
public sealed class OfferState(long space)
{
    private const int MaxOffers = 64;
    private const int MaxOffersOfClient = 8;

    // In the order of their arrival.
    private readonly OrderedDictionary<(HostPort Client, BundleId Bundle), Dictionary<BundleId, long>> _offers = [];
    private readonly Dictionary<HostPort, object> _origins = [];
    private readonly Dictionary<HostPort, long> _added = [];

    /// <summary>
    /// Finds the offer that makes room for another one when there are too many: the oldest of the machine with most offers. A machine with
    /// many addresses cannot keep others from uploading code.
    /// </summary>
    /// <param name="client">The client that offers a bundle.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="origin">The machine of the client.</param>
    /// <returns>The offer to remove. Null if there is room, or if no other machine has more offers.</returns>
    public (HostPort Client, BundleId Bundle)? FindDisplaced(HostPort client, BundleId bundle, object origin)
    {
        _origins[client] = origin;
        if (_offers.Count < MaxOffers || _offers.ContainsKey((client, bundle)))
            return null;
        var most = _offers.Keys.GroupBy(offer => GetOrigin(offer.Client)).MaxBy(static offers => offers.Count())!;
        return most.Count() > 1 + _offers.Keys.Count(offer => GetOrigin(offer.Client).Equals(origin)) ? most.First() : null;
    }

    private object GetOrigin(HostPort client) => _origins.GetValueOrDefault(client, client);

    /// <summary>Adds or replaces a client's offer of the missing contents of a bundle.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="missing">The files that the coordinator does not have.</param>
    /// <param name="stored">The bytes of all stored contents.</param>
    /// <returns>The reason why it is refused; null when it is accepted.</returns>
    public string? AddOffer(HostPort client, BundleId bundle, IEnumerable<BundleFile> missing, long stored)
    {
        var contents = GetLengths(missing);
        var others = _offers.Where(offer => offer.Key != (client, bundle)).ToList();
        var own = others.Where(offer => offer.Key.Client == client).ToList();
        if (others.Count >= MaxOffers || own.Count >= MaxOffersOfClient)
            return "Too many programs upload code at the same time. Try again in a minute.";
        var ofClient = own.SelectMany(offer => offer.Value.Values).Concat(contents.Values).Sum(BundleStore.GetCharge);
        var ofAll = MeasureAll(client, bundle, contents);
        if (CheckSpace(client, ofClient, ofAll, stored) is { } refusal)
            return refusal;
        _offers[(client, bundle)] = contents;
        return null;
    }

    /// <summary>Measures the space for all offers with another one, which unused bundles may have to free.</summary>
    /// <returns>The bytes. 0 if the client itself may not add so much.</returns>
    public long MeasureNeeded(HostPort client, BundleId bundle, IEnumerable<BundleFile> missing)
    {
        var contents = GetLengths(missing);
        var ofClient = _added.GetValueOrDefault(client) + contents.Values.Sum(BundleStore.GetCharge);
        return ofClient > space / 2 ? 0 : MeasureAll(client, bundle, contents);
    }

    /// <summary>The contents of all offers.</summary>
    public IEnumerable<BundleId> Contents => _offers.Values.SelectMany(contents => contents.Keys);

    /// <summary>Counts a file that a client has added: a content or a manifest.</summary>
    /// <returns>The reason why it is refused; null when it is accepted.</returns>
    public string? AddFile(HostPort client, long length, long stored)
    {
        var charge = BundleStore.GetCharge(length);
        if (CheckSpace(client, charge, charge, stored) is { } refusal)
            return refusal;
        _added[client] = _added.GetValueOrDefault(client) + charge;
        return null;
    }

    private static Dictionary<BundleId, long> GetLengths(IEnumerable<BundleFile> files) =>
        files.GroupBy(file => file.Content).ToDictionary(same => same.Key, same => same.Max(file => file.Length));

    private long MeasureAll(HostPort client, BundleId bundle, Dictionary<BundleId, long> contents) =>
        _offers.Where(offer => offer.Key != (client, bundle)).SelectMany(offer => offer.Value).Concat(contents)
            .DistinctBy(content => content.Key).Sum(content => BundleStore.GetCharge(content.Value));

    private string? CheckSpace(HostPort client, long ofClient, long ofAll, long stored)
    {
        const string remedy = "Start the coordinator with a larger --code-space, or end programs of other builds.";
        if (_added.GetValueOrDefault(client) + ofClient > space / 2)
        {
            return FormattableString.Invariant(
                $"One client may store {space / 2:N0} bytes of code, and {ofClient:N0} more would exceed this. {remedy}");
        }

        return stored + ofAll > space
            ? FormattableString.Invariant(
                $"The coordinator's store of code is full: programs use {stored:N0} of {space:N0} bytes, ")
                + FormattableString.Invariant($"and {ofAll:N0} more do not fit. {remedy}")
            : null;
    }

    /// <summary>Removes a completed or expired offer.</summary>
    public void RemoveOffer(HostPort client, BundleId bundle) => _offers.Remove((client, bundle));

    /// <summary>Removes all offers of a disconnected client.</summary>
    /// <returns>The bundles that the client had offered.</returns>
    public IReadOnlyList<BundleId> RemoveClient(HostPort client)
    {
        _added.Remove(client);
        _origins.Remove(client);
        var bundles = _offers.Keys.Where(offer => offer.Client == client).Select(offer => offer.Bundle).ToList();
        bundles.ForEach(bundle => RemoveOffer(client, bundle));
        return bundles;
    }

    /// <summary>Gets the contents of all offers of a client, which it may upload.</summary>
    public IReadOnlySet<BundleId> FindContents(HostPort client) =>
        _offers.Where(offer => offer.Key.Client == client).SelectMany(offer => offer.Value.Keys).ToHashSet();
}
