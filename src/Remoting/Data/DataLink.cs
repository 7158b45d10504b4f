using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Data;

/// <summary>
/// A data connection after its handshake, which is that of the control connections: with TLS, both sides present a certificate, and then
/// both prove their role and address.
/// </summary>
public sealed class DataLink : IDisposable
{
    /// <summary>The limits of a handshake in bytes, as on control connections.</summary>
    private const int PlainLimit = 4 * LinkFrame.MaxLength;
    private const int EncryptedLimit = 64 * 1024;

    private readonly Stream _stream;
    private LinkPeer? _peer;

    private DataLink(Stream stream) => _stream = stream;

    /// <summary>The connection.</summary>
    public Stream Stream => _stream;

    /// <summary>The proven peer.</summary>
    public LinkPeer Peer => _peer!;

    /// <summary>Carries out the handshake of a connection, and disposes the socket if it fails.</summary>
    /// <param name="socket">The connected socket.</param>
    /// <param name="handshake">The handshake of this side.</param>
    /// <param name="tls">The certificate of this program; null for an unencrypted connection.</param>
    /// <param name="isConnected">Whether a peer has a control connection.</param>
    /// <param name="cancellationToken">Cancels the handshake.</param>
    /// <exception cref="LinkRefusedException">The peer was refused, or has refused this program.</exception>
    /// <exception cref="IOException">The connection broke, or the peer sent bytes that are not a handshake.</exception>
    public static async Task<DataLink> OpenAsync(
        Socket socket, LinkHandshake handshake, TlsIdentity? tls, Func<LinkPeer, bool> isConnected, CancellationToken cancellationToken)
    {
        var limited = new UnprovenStream(new NetworkStream(socket, ownsSocket: true), tls is null ? PlainLimit : EncryptedLimit);
        try
        {
            socket.NoDelay = true;
            var isInitiator = handshake is InitiatorHandshake;
            var stream = tls is null ? limited : await EncryptAsync(limited, tls, isInitiator, cancellationToken).ConfigureAwait(false);
            var link = new DataLink(stream);
            await link.ProvePeerAsync(handshake, ReadCertificates(stream, tls), isConnected, cancellationToken).ConfigureAwait(false);
            limited.RemoveLimit();
            return link;
        }
        catch (Exception exception) when (exception is CryptographicException or InvalidDataException)
        {
            await limited.DisposeAsync().ConfigureAwait(false);
            throw new IOException(exception.Message, exception);
        }
        catch
        {
            await limited.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static async Task<Stream> EncryptAsync(Stream plain, TlsIdentity tls, bool isInitiator, CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(plain);
        RemoteCertificateValidationCallback validate =
            (_, certificate, _, errors) => certificate is X509Certificate2 peer && tls.IsTrusted(peer, errors);
        if (isInitiator)
        {
            await encrypted.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = Endpoints.CoordinatorName,
                    ClientCertificates = [tls.Certificate],
                    RemoteCertificateValidationCallback = validate,
                    CertificateChainPolicy = tls.CreateChainPolicy(),
                    AllowTlsResume = false,
                },
                cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await encrypted.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = tls.Certificate,
                    ClientCertificateRequired = true,
                    CertificateChainPolicy = tls.CreateChainPolicy(),
                    RemoteCertificateValidationCallback = validate,
                    AllowTlsResume = false,
                },
                cancellationToken).ConfigureAwait(false);
        }

        return encrypted;
    }

    private static LinkCertificates ReadCertificates(Stream stream, TlsIdentity? tls) =>
        tls is null || stream is not SslStream { RemoteCertificate: X509Certificate2 peer }
            ? LinkCertificates.None
            : new LinkCertificates(
                tls.Certificate.GetCertHash(HashAlgorithmName.SHA256), peer.GetCertHash(HashAlgorithmName.SHA256),
                CertificateRoles.ReadRoles(tls.Certificate), CertificateRoles.ReadRoles(peer));

    private async Task ProvePeerAsync(
        LinkHandshake handshake, LinkCertificates certificates, Func<LinkPeer, bool> isConnected, CancellationToken cancellationToken)
    {
        if (handshake.CreateFirstFrame() is { } first)
            await WriteFrameAsync(first, cancellationToken).ConfigureAwait(false);
        while (_peer is null)
        {
            var step = handshake.ProcessFrame(await ReadFrameAsync(cancellationToken).ConfigureAwait(false), certificates);
            if (step.Peer is { } peer && !isConnected(peer))
                step = RefuseUnconnected(peer);
            if (step.Send is { } frame)
                await WriteFrameAsync(frame, cancellationToken).ConfigureAwait(false);
            if (step.Refusal is { } refusal)
                throw new LinkRefusedException(refusal);
            _peer = step.Peer;
        }
    }

    /// <summary>A peer of the data channel must be the program at the other end of a control connection.</summary>
    private static LinkStep RefuseUnconnected(LinkPeer peer)
    {
        var refusal = new LinkRefusal(LinkRefusalCode.Limit, $"{peer.Address} has no control connection.");
        return new LinkStep(LinkFrame.EncodeRefusal(refusal.Code, refusal.Reason), Refusal: refusal);
    }

    private async Task WriteFrameAsync(byte[] frame, CancellationToken cancellationToken)
    {
        var bytes = new byte[sizeof(ushort) + frame.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)frame.Length);
        frame.CopyTo(bytes, sizeof(ushort));
        await _stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    private async Task<byte[]> ReadFrameAsync(CancellationToken cancellationToken)
    {
        var header = new byte[sizeof(ushort)];
        await _stream.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt16BigEndian(header);
        if (length > LinkFrame.MaxLength)
            throw new InvalidDataException("The peer sent a handshake frame that is too long.");
        var frame = new byte[length];
        await _stream.ReadExactlyAsync(frame, cancellationToken).ConfigureAwait(false);
        return frame;
    }
}

/// <summary>Thrown when one side of a data connection refuses the other.</summary>
public sealed class LinkRefusedException(LinkRefusal refusal) : Exception(refusal.Reason)
{
    /// <summary>The refusal.</summary>
    public LinkRefusal Refusal => refusal;
}
