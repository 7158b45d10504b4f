using System.Security.Cryptography;
using Actors.Messages.Payloads;
using Akka.Actor;

namespace Actors.Remoting.Payloads;

/// <summary>
/// The parts of one payload on their way to the store, a few ahead of the answers. Where a link broke, parts get lost or overtake each other:
/// then it goes on from what the coordinator says is there.
/// </summary>
/// <param name="pool">The pool.</param>
/// <param name="id">Announced to it.</param>
/// <param name="payload">Has a length and a position.</param>
internal sealed class PayloadParts(ICanTell pool, PayloadId id, Stream payload)
{
    private const int MaxRestarts = 100;

    private readonly List<SentPart> _underWay = [];
    private long _next;
    private long _hashed;
    private int _restarts;

    /// <summary>Returns when all of it has been taken. Once.</summary>
    /// <returns>What was sent.</returns>
    /// <exception cref="PayloadStoreException">The coordinator does not take it.</exception>
    public async Task<PayloadHash> SendAllAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (_next < payload.Length || _underWay.Count > 0)
        {
            if (_next < payload.Length && _underWay.Count < PayloadProtocol.MaxChunksInFlight)
                await SendNextAsync(hash, cancellationToken).ConfigureAwait(false);
            else
                await ReceiveAnswerAsync().ConfigureAwait(false);
        }

        return PayloadHash.FromBytes(hash.GetHashAndReset());
    }

    private async Task SendNextAsync(IncrementalHash hash, CancellationToken cancellationToken)
    {
        // A message may be written after the next part is read: each part has its own memory.
        var bytes = new byte[Math.Min(PayloadProtocol.ChunkLength, payload.Length - _next)];
        payload.Position = _next;
        await payload.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        var answer = PayloadAsk.AskAsync<PayloadProtocol.PayloadChunkReceived>(pool, new PayloadProtocol.PayloadChunk(id, _next, bytes), cancellationToken);
        _next += bytes.Length;
        _underWay.Add(new SentPart(_next, answer));
        if (_next <= _hashed)
            return;
        hash.AppendData(bytes);
        _hashed = _next;
    }

    private async Task ReceiveAnswerAsync()
    {
        await Task.WhenAny(_underWay.Select(part => part.Answer)).ConfigureAwait(false);
        var answered = _underWay.First(part => part.Answer.IsCompleted);
        var here = (await answered.Answer.ConfigureAwait(false)).Next;
        _underWay.RemoveAll(part => part.End <= here);
        if (here < answered.End)
            ResumeFrom(here);
    }

    private void ResumeFrom(long here)
    {
        if (here < 0 || ++_restarts > MaxRestarts)
            throw new PayloadStoreException($"The parts of payload {id} do not arrive: the link to the coordinator breaks again and again.");
        _underWay.Clear();
        _next = here;
    }

    private sealed record SentPart(long End, Task<PayloadProtocol.PayloadChunkReceived> Answer);
}
