using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting;

namespace Actors.Coordinator.Payloads;

/// <summary>
/// The payloads in the coordinator's store and their owners. Space is reserved when a payload is announced, so an upload that has begun has
/// space to its end. Refusals are texts for the sender.
/// </summary>
/// <param name="limits">The limits of the store.</param>
internal sealed class PayloadState(PayloadLimits limits)
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
    /// <returns>The reason why it is refused; null when it is accepted.</returns>
    public string? AddPayload(PayloadOwner owner, PayloadProtocol.OfferPayload offer, TimeSpan now)
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

        var payload = new PayloadEntry(owner, offer.From, offer.Length, now);
        var usage = GetUsage(owner.Client);
        if (usage.CheckLimits(payload, limits) is { } refusal)
            return refusal;
        _clients[owner.Client] = usage.WithPayload(payload);
        _payloads.Add(offer.Payload, payload);
        Used += offer.Length;
        return null;
    }

    /// <summary>Gets the offset of the next chunk. Null if no chunk is expected.</summary>
    public long? GetNextOffset(PoolId pool, PayloadId id) =>
        FindPayload(pool, id) is { IsComplete: false } payload ? payload.ReceivedBytes : null;

    /// <summary>Adds a chunk.</summary>
    /// <returns>The reason why it is refused; null when it is accepted.</returns>
    public string? AddChunk(PoolId pool, PayloadId id, long offset, int length, TimeSpan now)
    {
        if (FindPayload(pool, id) is not { IsComplete: false } payload)
            return FormatNotUploading(id);
        var isValid = length is >= 1 and <= PayloadProtocol.ChunkLength && length <= payload.Length - payload.ReceivedBytes;
        if (offset != payload.ReceivedBytes || !isValid)
            return $"A chunk of payload {id} is out of order or too long.";
        payload.ReceivedBytes += length;
        payload.LastChunkAt = now;
        return null;
    }

    /// <summary>Completes an upload.</summary>
    /// <returns>The reason of the refusal. Null when all chunks have arrived.</returns>
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

    /// <summary>Gets the number of bytes to read at an offset.</summary>
    /// <returns>At least 1. 0 with a reason if there is nothing to read.</returns>
    public int GetReadLength(PoolId pool, PayloadId id, long offset, out string reason)
    {
        reason = "";
        if (FindPayload(pool, id) is not { IsComplete: true } payload)
            reason = $"Payload {id} is not stored here, or was removed.";
        else if (offset < 0 || offset >= payload.Length)
            reason = $"Payload {id} has {payload.Length} bytes; nothing is at {offset}.";
        else
            return (int)Math.Min(PayloadProtocol.ChunkLength, payload.Length - offset);
        return 0;
    }

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

    /// <summary>Removes the payloads that a lost executor has uploaded and no outcome refers to.</summary>
    public IReadOnlyList<PayloadId> RemoveExecutor(PoolId pool, ExecutorId executor) =>
        executor == default ? [] : RemoveAll(payload => payload.Owner.Pool == pool && payload.Executor == executor);

    /// <summary>Removes the payloads of a pool.</summary>
    public IReadOnlyList<PayloadId> RemovePool(PoolId pool) => RemoveAll(payload => payload.Owner.Pool == pool);

    /// <summary>Removes the uploads without a chunk for <see cref="PayloadLimits.UploadTimeout"/>.</summary>
    public IReadOnlyList<PayloadId> RemoveTimedOut(TimeSpan now) =>
        RemoveAll(payload => !payload.IsComplete && now - payload.LastChunkAt >= PayloadLimits.UploadTimeout);

    private List<PayloadId> RemoveAll(Func<PayloadEntry, bool> condition)
    {
        var removed = _payloads.Where(entry => condition(entry.Value)).Select(entry => entry.Key).ToList();
        removed.ForEach(id => RemovePayload(_payloads[id].Owner.Pool, id));
        return removed;
    }

    private PayloadUsage GetUsage(HostPort client) => _clients.GetValueOrDefault(client);

    private PayloadEntry? FindPayload(PoolId pool, PayloadId id) =>
        _payloads.TryGetValue(id, out var payload) && payload.Owner.Pool == pool ? payload : null;

    private static string FormatNotUploading(PayloadId id) => FormattableString.Invariant(
        $"Payload {id} is unknown, complete, or expired after {PayloadLimits.UploadTimeout.TotalSeconds:0} s of silence. Submit again.");
}
