using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;

namespace Actors.Connections;

/// <summary>
/// Proves to each side that the other has the key, without sending it: HMAC-SHA256 of the peer's random challenge. The two roles sign
/// different texts, so that a proof cannot be reflected.
/// </summary>
internal static class ConnectionHandshake
{
    private const int ChallengeLength = 32;
    private static readonly byte[] Accepted = [1];
    private static readonly byte[] Refused = [0];

    /// <exception cref="AuthenticationException">The peer has a different key, or none.</exception>
    public static async Task AuthenticatePeerAsync(MessageStream frames, byte[]? key, bool isListener, CancellationToken cancellationToken)
    {
        var own = key is null ? [] : RandomNumberGenerator.GetBytes(ChallengeLength);
        await frames.SendMessageAsync(own, cancellationToken).ConfigureAwait(false);
        var other = await ReceiveReplyAsync(frames, ChallengeLength, cancellationToken).ConfigureAwait(false);
        if (other.Length != own.Length)
        {
            throw new AuthenticationException(
                "One side of the connection has a key and the other has none. Use the same key on both sides.");
        }

        if (key is not null)
            await ExchangeProofsAsync(frames, key, isListener, own, other, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ExchangeProofsAsync(
        MessageStream frames, byte[] key, bool isListener, byte[] own, byte[] other, CancellationToken cancellationToken)
    {
        await frames.SendMessageAsync(SignChallenges(key, isListener, own, other), cancellationToken).ConfigureAwait(false);
        var proof = await ReceiveReplyAsync(frames, SHA256.HashSizeInBytes, cancellationToken).ConfigureAwait(false);
        var isRight = CryptographicOperations.FixedTimeEquals(proof, SignChallenges(key, !isListener, other, own));
        await frames.SendMessageAsync(isRight ? Accepted : Refused, cancellationToken).ConfigureAwait(false);
        // Does not wait for a reply of a peer without the key.
        if (!isRight || !(await ReceiveReplyAsync(frames, 1, cancellationToken).ConfigureAwait(false)).AsSpan().SequenceEqual(Accepted))
            throw new AuthenticationException("The peer has a different key. Use the same key on both sides.");
    }

    /// <summary>Signs the role, the own challenge and the challenge of the peer.</summary>
    private static byte[] SignChallenges(byte[] key, bool byListener, byte[] signers, byte[] others) =>
        HMACSHA256.HashData(key, (byte[])[.. Encoding.ASCII.GetBytes(byListener ? "listener" : "client"), .. signers, .. others]);

    private static async Task<byte[]> ReceiveReplyAsync(MessageStream frames, int most, CancellationToken cancellationToken)
    {
        try
        {
            return await frames.ReceiveMessageAsync(most, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            throw new AuthenticationException(
                "The peer did not complete the handshake: it closed the connection or uses another protocol.", error);
        }
    }
}
