using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using Actors.Remoting.Access;
using Akka.Remote.Transport;
using DotNetty.Codecs;
using DotNetty.Handlers.Tls;
using DotNetty.Transport.Channels;

namespace Actors.Remoting.Transport;

/// <summary>The socket channel of a connection of the framework, which does not expose it.</summary>
/// <param name="channel">The channel.</param>
public sealed class LinkChannel(IChannel channel)
{
    /// <summary>The limit of an encrypted handshake. A chain of certificates takes some kilobytes.</summary>
    private const int EncryptedLimit = 64 * 1024;

    private const int PlainLimit = 4 * LinkFrame.MaxLength;

    private readonly UnprovenBytesGuard _unproven = new(channel.Pipeline.Get<TlsHandler>() is null ? PlainLimit : EncryptedLimit);

    private PartialFrameGuard? _frames;

    /// <summary>
    /// The private field that holds the channel. Akka.Remote has no public way to the channel of a connection, and creates the channel's
    /// pipeline itself (https://github.com/akkadotnet/akka.net/issues/5159, open). Its certificate callbacks (<c>DotNettySslSetup</c>) are
    /// not enough: they see a certificate but not the connection, limit no bytes and flush no writes.
    /// </summary>
    private static readonly FieldInfo? Field = typeof(AssociationHandle).Assembly
        .GetType("Akka.Remote.Transport.DotNetty.TcpAssociationHandle")?
        .GetField("_channel", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>Checks that the channel of a connection can be found. Call it before an actor system starts.</summary>
    /// <exception cref="NotSupportedException">This version of Akka.Remote has no such field.</exception>
    public static void RequireSupported() => RequireField(Field);

    /// <summary>Gets the channel of a connection.</summary>
    /// <exception cref="NotSupportedException">The framework uses another transport than DotNetty.</exception>
    public static LinkChannel FromHandle(AssociationHandle handle) =>
        RequireField(Field).DeclaringType!.IsInstanceOfType(handle) && Field!.GetValue(handle) is IChannel channel
            ? new LinkChannel(channel)
            : throw new NotSupportedException(
                $"Connections need the transport akka.remote.dot-netty.tcp, and {handle.GetType()} is of another one. Remove the setting "
                + "that changes the transport.");

    /// <exception cref="NotSupportedException">The field is null, or of another type.</exception>
    public static FieldInfo RequireField(FieldInfo? field) => field?.FieldType.IsAssignableTo(typeof(IChannel)) == true
        ? field
        : throw new NotSupportedException(
            $"Akka.Remote {typeof(AssociationHandle).Assembly.GetName().Version} is not supported: peers could not be authenticated, "
            + "because the field TcpAssociationHandle._channel does not exist. Use the version that Actors was built with.");

    /// <summary>The IP address of the other end.</summary>
    public LinkSource Source { get; } = LinkSource.FromEndPoint(channel.RemoteAddress);

    /// <summary>
    /// Replaces the TLS handler of the framework on an accepted connection. It would download the issuer that a peer's certificate names,
    /// before the peer is authenticated. Call it before the first read, which begins the handshake.
    /// </summary>
    public void UseChainPolicy(TlsIdentity tls)
    {
        var settings = new ServerTlsSettings(tls.Certificate, negotiateClientCertificate: true);
        channel.Pipeline.Replace<TlsHandler>(
            nameof(AcceptedTlsStream), new TlsHandler(stream => new AcceptedTlsStream(stream, tls), settings));
    }

    /// <summary>
    /// Limits the received bytes to those of a handshake, and follows the frames. Call it before the first read.
    /// </summary>
    /// <param name="frames">The large frames of all connections.</param>
    /// <param name="longestFrame">The length of the longest frame.</param>
    /// <exception cref="NotSupportedException">This version of Akka.Remote has another decoder.</exception>
    public void AddGuards(PartialFrames frames, int longestFrame)
    {
        var decoder = channel.Pipeline.Context<LengthFieldBasedFrameDecoder>()
            ?? throw new NotSupportedException("This version of Akka.Remote is not supported: its decoder of frames is unknown.");
        _frames = new PartialFrameGuard(frames, Source, longestFrame);
        _frames.ObserveWaiting(isWaiting => channel.Configuration.AutoRead = !isWaiting);
        channel.Pipeline.AddFirst(_unproven);
        channel.Pipeline.AddBefore(decoder.Name, nameof(PartialFrameGuard), _frames);
    }

    /// <summary>Removes the limit when the handshake has completed. The frames of a coordinator need not be followed.</summary>
    public void RemoveGuards(LinkRole peer)
    {
        channel.Pipeline.Remove(_unproven);
        if (peer == LinkRole.Coordinator)
            channel.Pipeline.Remove(_frames!);
    }

    /// <summary>Sets the action that stops or continues to read the connection for large frames.</summary>
    public void ObserveWaiting(Action<bool> onWaiting) => channel.EventLoop.Execute(() => _frames!.ObserveWaiting(onWaiting));

    /// <summary>
    /// Sends answers that were written while a frame was read. The framework batches such writes until the read ends. But TLS can deliver a
    /// frame outside of any read, if it arrived together with the last bytes of the TLS handshake. No read would end then, and the answer
    /// would stay in the buffer.
    /// </summary>
    public void FlushWrites() => channel.EventLoop.Execute(() => channel.Pipeline.FireChannelReadComplete());

    /// <summary>The bytes that were written and that the socket has not taken.</summary>
    public long UnsentBytes => channel.Unsafe.OutboundBuffer?.TotalPendingWriteBytes() ?? 0;

    /// <summary>Runs an action on the thread of the socket.</summary>
    public void Execute(Action action) => channel.EventLoop.Execute(action);

    /// <summary>Begins or stops to read the socket. An older change may run later, so the decision is read when it is applied.</summary>
    /// <param name="isReading">Whether the socket is read.</param>
    public void UpdateReading(Func<bool> isReading)
    {
        if (channel.EventLoop.InEventLoop)
            channel.Configuration.AutoRead = isReading();
        else
            channel.EventLoop.Execute(() => channel.Configuration.AutoRead = isReading());
    }

    /// <summary>Closes the connection at once. Bytes that were written before are sent.</summary>
    public void Close() => channel.CloseAsync();

    /// <summary>Reads the certificates of the connection after the TLS handshake.</summary>
    public LinkCertificates ReadCertificates()
    {
        if (channel.Pipeline.Get<TlsHandler>() is not { } tls)
            return LinkCertificates.None;
        var (own, peer) = (tls.LocalCertificate, tls.RemoteCertificate);
        return new LinkCertificates(HashOf(own), HashOf(peer), CertificateRoles.ReadRoles(own), CertificateRoles.ReadRoles(peer));
    }

    private static byte[] HashOf(X509Certificate2 certificate) =>
        certificate.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
}
