using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Actors.Remoting.Access;

namespace Actors.Remoting.Transport;

/// <summary>
/// The TLS stream of an accepted connection. The transport passes no rules for the certificates of peers, so this stream adds them.
/// </summary>
/// <param name="inner">The connection.</param>
/// <param name="tls">The certificate of this program, and the authorities.</param>
public sealed class AcceptedTlsStream(Stream inner, TlsIdentity tls) : SslStream(
    inner, leaveInnerStreamOpen: true,
    (_, certificate, _, errors) => tls.IsTrusted(certificate as X509Certificate2, errors))
{
    /// <inheritdoc/>
    public override Task AuthenticateAsServerAsync(
        X509Certificate serverCertificate, bool clientCertificateRequired, SslProtocols enabledSslProtocols,
        bool checkCertificateRevocation) => AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = serverCertificate,
            ClientCertificateRequired = clientCertificateRequired,
            EnabledSslProtocols = enabledSslProtocols,
            CertificateChainPolicy = tls.CreateChainPolicy(),
        });
}
