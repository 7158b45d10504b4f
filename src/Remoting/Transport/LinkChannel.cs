using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using Actors.Remoting.Access;
using Akka.Remote.Transport;
using DotNetty.Handlers.Tls;
using DotNetty.Transport.Channels;

namespace Actors.Remoting.Transport;

/// <summary>The socket channel below a connection of the framework, which does not show it.</summary>
/// <param name="channel">The channel.</param>
internal sealed class LinkChannel(IChannel channel)
{
    /// <summary>A handshake with a chain of certificates takes some kilobytes.</summary>
    private const int EncryptedLimit = 64 * 1024;

    private const int PlainLimit = 4 * LinkFrame.MaxLength;

    private readonly UnprovenBytesGuard _guard = new(channel.Pipeline.Get<TlsHandler>() is null ? PlainLimit : EncryptedLimit);

    /// <summary>The channel of a connection.</summary>
    /// <exception cref="NotSupportedException">The framework's transport is another one than this was written for.</exception>
    public static LinkChannel FromHandle(AssociationHandle handle) =>
        handle.GetType().GetField("_channel", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(handle) is IChannel channel
            ? new LinkChannel(channel)
            : throw new NotSupportedException($"{handle.GetType()} has no channel of DotNetty.");

    /// <summary>From now on more bytes than a handshake's close the connection. Before it is read from.</summary>
    public void AddGuard() => channel.Pipeline.AddFirst(_guard);

    /// <summary>The peer has proven itself.</summary>
    public void RemoveGuard() => channel.Pipeline.Remove(_guard);

    /// <summary>
    /// Sends what was written during a read. The framework batches such writes until the read ends. But TLS can deliver a frame outside of any read: one that
    /// arrived together with the last bytes of the TLS handshake. Nothing would end that read, and the answer would stay in the buffer.
    /// </summary>
    public void FlushWrites() => channel.EventLoop.Execute(() => channel.Pipeline.FireChannelReadComplete());

    /// <summary>Closes the connection at once; what was written before is sent.</summary>
    public void Close() => channel.CloseAsync();

    /// <summary>The certificates of the connection, once it is encrypted.</summary>
    public LinkCertificates ReadCertificates()
    {
        if (channel.Pipeline.Get<TlsHandler>() is not { } tls)
            return LinkCertificates.None;
        var (own, peer) = (tls.LocalCertificate, tls.RemoteCertificate);
        return new LinkCertificates(HashOf(own), HashOf(peer), CertificateRoles.ReadRoles(own), CertificateRoles.ReadRoles(peer));
    }

    private static byte[] HashOf(X509Certificate2 certificate) => certificate.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
}
