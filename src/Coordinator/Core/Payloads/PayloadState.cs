using Actors.Messages;
using Actors.Messages.Payloads;

namespace Actors.Coordinator.Payloads;

/// <summary>
/// Which payloads are in the coordinator's store, whose they are, and which may come in. Space is taken when a payload is announced, so that what has begun to come
/// has room to the end. Refusals are texts for whoever asked.
/// </summary>
/// <param name="space">How many bytes all of them may take together.</param>
internal sealed class PayloadState(long space)
{
    /// <summary>So many at once; each takes some hundred bytes of memory.</summary>
    internal const int MostPayloads = 100_000;

    private readonly Dictionary<PayloadId, Payload> _payloads = [];

    /// <summary>How many bytes are taken.</summary>
    public long Used { get; private set; }

    /// <summary>How many payloads there are.</summary>
    public int Count => _payloads.Count;

    /// <summary>A payload of this length is to come.</summary>
    /// <param name="pool">Whose it is.</param>
    /// <param name="offer">What is known of it.</param>
    /// <returns>Why it is not taken; null when it is.</returns>
    public string? Offer(PoolId pool, PayloadProtocol.Offer offer)
    {
        if (offer.Length <= 0 || offer.Length > WireLimits.LargestStored)
            return FormattableString.Invariant($"A payload has from 1 to {WireLimits.LargestStored:N0} bytes; {offer.Length:N0} were announced.");
        if (_payloads.ContainsKey(offer.Payload))
            return $"There is a payload {offer.Payload} already.";
        if (_payloads.Count >= MostPayloads || offer.Length > space - Used)
        {
            return FormattableString.Invariant(
                $"The coordinator's store for large payloads is full: {_payloads.Count:N0} take {Used:N0} of {space:N0} bytes, and {offer.Length:N0} more do not fit. Submit fewer at once, or start it with a larger --payload-space.");
        }

        _payloads.Add(offer.Payload, new Payload(pool, offer.From, offer.Length));
        Used += offer.Length;
        return null;
    }

    /// <summary>Where the part begins that is to come next; null when none is.</summary>
    public long? Next(PoolId pool, PayloadId id) => Find(pool, id) is { IsComplete: false } payload ? payload.Here : null;

    /// <summary>So many bytes of it have come, for this place.</summary>
    /// <returns>Why they are not taken; null when they are.</returns>
    public string? Take(PoolId pool, PayloadId id, long offset, int length)
    {
        if (Find(pool, id) is not { IsComplete: false } payload)
            return NotComing(id);
        if (offset != payload.Here || length is < 1 or > PayloadProtocol.ChunkLength || length > payload.Length - payload.Here)
            return $"A part of payload {id} came out of order, or is too long.";
        payload.Here += length;
        return null;
    }

    /// <summary>All of it has come, says its sender.</summary>
    /// <returns>Why that is not so; null when it is.</returns>
    public string? Complete(PoolId pool, PayloadId id)
    {
        if (Find(pool, id) is not { IsComplete: false } payload)
            return NotComing(id);
        if (payload.Here != payload.Length)
            return $"Payload {id} has {payload.Here} of {payload.Length} bytes.";
        payload.IsComplete = true;
        return null;
    }

    /// <summary>How many bytes of it are to be read from this place.</summary>
    /// <returns>At least 1; or 0 when nothing is there, with the reason.</returns>
    public int Read(PoolId pool, PayloadId id, long offset, out string reason)
    {
        reason = "";
        if (Find(pool, id) is not { IsComplete: true } payload)
            reason = $"Payload {id} is not here (any more).";
        else if (offset < 0 || offset >= payload.Length)
            reason = $"Payload {id} has {payload.Length} bytes; nothing is at {offset}.";
        else
            return (int)Math.Min(PayloadProtocol.ChunkLength, payload.Length - offset);
        return 0;
    }

    /// <summary>The end of a job refers to it: it outlives its executor.</summary>
    public void Keep(PoolId pool, PayloadId id)
    {
        if (Find(pool, id) is { } payload)
            payload.From = default;
    }

    /// <summary>Nobody needs it any more.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(PoolId pool, PayloadId id)
    {
        if (Find(pool, id) is not { } payload)
            return false;
        _payloads.Remove(id);
        Used -= payload.Length;
        return true;
    }

    /// <summary>The executor is gone: what it brought and no end of a job refers to.</summary>
    public IReadOnlyList<PayloadId> RemoveExecutor(PoolId pool, ExecutorId executor) =>
        executor == default ? [] : RemoveAll(payload => payload.Pool == pool && payload.From == executor);

    /// <summary>The pool is over.</summary>
    public IReadOnlyList<PayloadId> RemovePool(PoolId pool) => RemoveAll(payload => payload.Pool == pool);

    private List<PayloadId> RemoveAll(Func<Payload, bool> condition)
    {
        var gone = _payloads.Where(entry => condition(entry.Value)).Select(entry => entry.Key).ToList();
        gone.ForEach(id => Remove(_payloads[id].Pool, id));
        return gone;
    }

    /// <summary>Only its own pool sees a payload.</summary>
    private Payload? Find(PoolId pool, PayloadId id) =>
        _payloads.TryGetValue(id, out var payload) && payload.Pool == pool ? payload : null;

    private static string NotComing(PayloadId id) => $"Payload {id} was not announced, or is here, or was given up.";

    private sealed class Payload(PoolId pool, ExecutorId from, long length)
    {
        public PoolId Pool => pool;

        public long Length => length;

        /// <summary>Whose end it shares; nobody's, when it is a client's or is kept.</summary>
        public ExecutorId From { get; set; } = from;

        public long Here { get; set; }

        public bool IsComplete { get; set; }
    }
}
