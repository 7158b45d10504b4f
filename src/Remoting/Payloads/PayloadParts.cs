using System.Security.Cryptography;
using Actors.Messages.Payloads;
using Akka.Actor;

namespace Actors.Remoting.Payloads;

/// <summary>
/// Uploads the parts of one payload, a few ahead of their answers. Parts can be lost or reordered when a connection breaks. The upload then
/// resumes at the position that the coordinator reports.
/// </summary>
/// <param name="pool">The pool.</param>
/// <param name="id">The id that was announced to the pool.</param>
/// <param name="payload">The bytes; a stream with a length and a position.</param>
internal sealed class PayloadParts(ICanTell pool, PayloadId id, Stream payload)
{
    private const int MaxRestarts = 100;

    private readonly List<SentPart> _underWay = [];
    private long _next;
    private long _hashed;
    private int _restarts;

    /// <summary>Completes when the coordinator has accepted all parts. Call it once.</summary>
    /// <returns>The hash of the sent bytes.</returns>
    /// <exception cref="PayloadStoreException">The coordinator refused the payload.</exception>
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
        // A message may be serialized after the next part is read, so each part has its own memory.
        var bytes = new byte[Math.Min(PayloadProtocol.ChunkLength, payload.Length - _next)];
        payload.Position = _next;
        await payload.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        var chunk = new PayloadProtocol.PayloadChunk(id, _next, bytes);
        var answer = PayloadAsk.AskAsync<PayloadProtocol.PayloadChunkReceived>(pool, chunk, cancellationToken);
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
        {
            throw new PayloadStoreException(
                $"The parts of payload {id} do not arrive: the connection to the coordinator broke too often. Check the network, and try "
                + "again.");
        }

        _underWay.Clear();
        _next = here;
    }

    private sealed record SentPart(long End, Task<PayloadProtocol.PayloadChunkReceived> Answer);
}
