using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;

namespace Actors.Connections;

/// <summary>
/// Each side shows the other that it has the key, without sending it: HMAC-SHA256 of the other's random challenge. The two roles sign
/// different texts, so that an answer cannot be sent back as one's own.
/// </summary>
internal static class Handshake
{
    private const int ChallengeLength = 32;
    private static readonly byte[] Welcome = [1];
    private static readonly byte[] Refused = [0];

    /// <exception cref="AuthenticationException">The other side has another key, or none.</exception>
    public static async Task RunAsync(FrameStream frames, byte[]? key, bool isListener, CancellationToken cancellationToken)
    {
        var own = key is null ? [] : RandomNumberGenerator.GetBytes(ChallengeLength);
        await frames.SendAsync(own, cancellationToken).ConfigureAwait(false);
        var other = await ReceiveAsync(frames, ChallengeLength, cancellationToken).ConfigureAwait(false);
        if (other.Length != own.Length)
            throw new AuthenticationException("One side of the connection has a key and the other has none.");
        if (key is not null)
            await ProveAsync(frames, key, isListener, own, other, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ProveAsync(
        FrameStream frames, byte[] key, bool isListener, byte[] own, byte[] other, CancellationToken cancellationToken)
    {
        await frames.SendAsync(Sign(key, isListener, own, other), cancellationToken).ConfigureAwait(false);
        var proof = await ReceiveAsync(frames, SHA256.HashSizeInBytes, cancellationToken).ConfigureAwait(false);
        var isRight = CryptographicOperations.FixedTimeEquals(proof, Sign(key, !isListener, other, own));
        await frames.SendAsync(isRight ? Welcome : Refused, cancellationToken).ConfigureAwait(false);
        // Who has not the key is not waited for.
        if (!isRight || !(await ReceiveAsync(frames, 1, cancellationToken).ConfigureAwait(false)).AsSpan().SequenceEqual(Welcome))
            throw new AuthenticationException("The other side of the connection has another key.");
    }

    /// <summary>What a side signs: its role, its own challenge and the other's.</summary>
    private static byte[] Sign(byte[] key, bool byListener, byte[] signers, byte[] others) =>
        HMACSHA256.HashData(key, (byte[])[.. Encoding.ASCII.GetBytes(byListener ? "listener" : "client"), .. signers, .. others]);

    private static async Task<byte[]> ReceiveAsync(FrameStream frames, int most, CancellationToken cancellationToken)
    {
        try
        {
            return await frames.ReceiveAsync(most, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            throw new AuthenticationException("The other side did not finish the handshake.", error);
        }
    }
}
