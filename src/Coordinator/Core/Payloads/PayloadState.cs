using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting;

namespace Actors.Coordinator.Payloads;

/// <summary>
/// The payloads in the coordinator's store and their owners. Space is reserved when a payload is announced, so an upload that has begun has
/// space to its end. Refusals are texts for the sender.
/// </summary>
/// <param name="limits">The limits of the store.</param>
public sealed class PayloadState(PayloadLimits limits)
{
    private readonly Dictionary<PayloadId, PayloadEntry> _payloads = [];
    private readonly Dictionary<HostPort, PayloadUsage> _clients = [];

    /// <summary>The reserved bytes.</summary>
    public long Used { get; private set; }

    /// <summary>The number of payloads.</summary>
    public int Count => _payloads.Count;

    /// <summary>Whether any upload is incomplete.</summary>
    public bool HasUploads => _payloads.Values.Any(payload => !payload.IsComplete);

    /// <summary>Adds an announced payload.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="offer">The announcement.</param>
    /// <param name="uploader">The address that uploads the payload.</param>
    /// <param name="now">The current time.</param>
    /// <returns>The reason why it is refused; null when it is accepted.</returns>
    public string? AddPayload(PayloadOwner owner, PayloadProtocol.OfferPayload offer, HostPort uploader, TimeSpan now)
    {
        if (offer.Length <= 0 || offer.Length > WireLimits.LargestStored)
        {
            return FormattableString.Invariant(
                $"A payload has from 1 to {WireLimits.LargestStored:N0} bytes; {offer.Length:N0} were announced.");
        }

        if (_payloads.ContainsKey(offer.Payload))
            return $"The payload {offer.Payload} already exists.";
        if (_payloads.Count >= PayloadLimits.MaxPayloads || offer.Length > limits.Space - Used)
        {
            return FormattableString.Invariant(
                $"The coordinator's store for large payloads is full: {_payloads.Count:N0} take {Used:N0} of {limits.Space:N0} bytes, ")
                + FormattableString.Invariant(
                    $"and {offer.Length:N0} more do not fit. Submit fewer at once, or start it with a larger --payload-space.");
        }

        var payload = new PayloadEntry(owner, offer.From, uploader, offer.Length, now);
        var usage = GetUsage(owner.Client);
        if (usage.CheckLimits(payload, limits) is { } refusal)
            return refusal;
        _clients[owner.Client] = usage.WithPayload(payload);
        _payloads.Add(offer.Payload, payload);
        Used += offer.Length;
        return null;
    }

    /// <summary>
    /// Whether a program may complete or remove a payload: the client of the pool, or the node that uploads the payload. Other nodes of the
    /// pool know the ids of its shared values.
    /// </summary>
    public bool MayChange(PayloadOwner owner, PayloadId id, HostPort peer) =>
        FindPayload(owner.Pool, id) is { } payload && (peer == owner.Client || peer == payload.Uploader);

    /// <summary>The ids of the incomplete uploads.</summary>
    public IEnumerable<PayloadId> Uploads => _payloads.Where(entry => !entry.Value.IsComplete).Select(entry => entry.Key);

    /// <summary>Records how much of an upload has arrived.</summary>
    public void SetReceived(PayloadId id, long received, TimeSpan now)
    {
        if (!_payloads.TryGetValue(id, out var payload) || received <= payload.ReceivedBytes)
            return;
        payload.ReceivedBytes = received;
        payload.LastProgressAt = now;
    }

    /// <summary>Completes an upload.</summary>
    /// <returns>The reason of the refusal. Null when all bytes have arrived.</returns>
    public string? CompletePayload(PoolId pool, PayloadId id)
    {
        if (FindPayload(pool, id) is not { IsComplete: false } payload)
            return FormatNotUploading(id);
        if (payload.ReceivedBytes != payload.Length)
            return $"Payload {id} has {payload.ReceivedBytes} of {payload.Length} bytes.";
        var usage = GetUsage(payload.Owner.Client).WithoutPayload(payload);
        payload.IsComplete = true;
        _clients[payload.Owner.Client] = usage.WithPayload(payload);
        return null;
    }

    /// <summary>Checks whether a payload can be downloaded.</summary>
    /// <returns>The reason why not; null when it can.</returns>
    public string? CheckDownload(PoolId pool, PayloadId id) =>
        FindPayload(pool, id) is { IsComplete: true } ? null : $"Payload {id} is not stored here, or was removed.";

    /// <summary>Retains a payload after the end of its executor, because the outcome of a job refers to it.</summary>
    public void RetainPayload(PoolId pool, PayloadId id)
    {
        if (FindPayload(pool, id) is { } payload)
            payload.Executor = default;
    }

    /// <summary>Removes a payload.</summary>
    /// <returns>Whether it existed.</returns>
    public bool RemovePayload(PoolId pool, PayloadId id)
    {
        if (FindPayload(pool, id) is not { } payload)
            return false;
        _payloads.Remove(id);
        Used -= payload.Length;
        var usage = GetUsage(payload.Owner.Client).WithoutPayload(payload);
        if (usage.Count == 0)
            _clients.Remove(payload.Owner.Client);
        else
            _clients[payload.Owner.Client] = usage;
        return true;
    }

    /// <summary>
    /// Removes the result of a job. A node names it, which knows the ids of arguments and shared values too; these are not removed.
    /// </summary>
    /// <returns>Whether it existed.</returns>
    public bool RemoveResult(PoolId pool, PayloadId id) => FindPayload(pool, id) is { IsResult: true } && RemovePayload(pool, id);

    /// <summary>Removes the payloads that a lost executor has uploaded and no outcome refers to.</summary>
    public IReadOnlyList<PayloadId> RemoveExecutor(PoolId pool, ExecutorId executor) =>
        executor == default ? [] : RemoveAll(payload => payload.Owner.Pool == pool && payload.Executor == executor);

    /// <summary>Removes the payloads of a pool.</summary>
    public IReadOnlyList<PayloadId> RemovePool(PoolId pool) => RemoveAll(payload => payload.Owner.Pool == pool);

    /// <summary>Removes the uploads without progress for <see cref="PayloadLimits.UploadTimeout"/>.</summary>
    public IReadOnlyList<PayloadId> RemoveTimedOut(TimeSpan now) =>
        RemoveAll(payload => !payload.IsComplete && now - payload.LastProgressAt >= PayloadLimits.UploadTimeout);

    private List<PayloadId> RemoveAll(Func<PayloadEntry, bool> condition)
    {
        var removed = _payloads.Where(entry => condition(entry.Value)).Select(entry => entry.Key).ToList();
        removed.ForEach(id => RemovePayload(_payloads[id].Owner.Pool, id));
        return removed;
    }

    private PayloadUsage GetUsage(HostPort client) => _clients.GetValueOrDefault(client);

    private PayloadEntry? FindPayload(PoolId pool, PayloadId id) =>
        _payloads.TryGetValue(id, out var payload) && payload.Owner.Pool == pool ? payload : null;

    /// <summary>Formats the refusal of a payload that is not being uploaded.</summary>
    public static string FormatNotUploading(PayloadId id) => FormattableString.Invariant(
        $"Payload {id} is unknown, complete, or expired after {PayloadLimits.UploadTimeout.TotalSeconds:0} s of silence. Submit again.");
}
