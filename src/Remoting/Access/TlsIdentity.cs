using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;

namespace Actors.Remoting.Access;

/// <summary>
/// The certificate of this process on encrypted connections, and the authorities whose certificates it trusts. Both ends of a connection
/// present a certificate. Files are read once, when the process starts.
/// </summary>
public sealed class TlsIdentity
{
    /// <summary>Environment variable: the directory with the certificates of this process, as <c>--tls</c>.</summary>
    public const string DirectoryVariable = "ACTORS_TLS_DIRECTORY";

    /// <summary>The file of the certificate. The file names are those of a Kubernetes secret of type TLS.</summary>
    public const string CertificateFile = "tls.crt";
    public const string KeyFile = "tls.key";
    public const string AuthoritiesFile = "ca.crt";

    /// <summary>
    /// The required purposes of a certificate: server and client authentication, because every process accepts and opens connections.
    /// </summary>
    private static readonly string[] Purposes = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];

    private readonly X509Certificate2Collection _authorities;

    private TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        _authorities = authorities;
        Certificate = certificate;
        Setup = new DotNettySslSetup(
            certificate, suppressValidation: false, requireMutualAuthentication: true, validateCertificateHostname: false,
            (peer, _, _, errors, _) => IsTrusted(peer, errors));
    }

    /// <summary>The certificate of this process, with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Why other users may know the private key: the warning about its file (<see cref="SecretFile"/>); null for none.</summary>
    public string? Exposure { get; private init; }

    /// <summary>The setup of the actor system.</summary>
    public DotNettySslSetup Setup { get; }

    /// <summary>Reads the certificates in a directory.</summary>
    /// <param name="path">The directory; null for the directory that <see cref="DirectoryVariable"/> names.</param>
    /// <returns>Null if no directory is named.</returns>
    /// <exception cref="InvalidOperationException">A file is missing or cannot be used.</exception>
    public static TlsIdentity? ReadDirectory(string? path)
    {
        path ??= Environment.GetEnvironmentVariable(DirectoryVariable);
        if (string.IsNullOrEmpty(path))
            return null;
        try
        {
            using var read = X509Certificate2.CreateFromPemFile(Path.Combine(path, CertificateFile), Path.Combine(path, KeyFile));
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(Path.Combine(path, AuthoritiesFile));
            if (authorities.Count == 0)
                throw new CryptographicException($"{AuthoritiesFile} holds no certificate.");
            // TLS streams need a certificate that was loaded together with its key.
            var certificate = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
            return new TlsIdentity(certificate, authorities) { Exposure = SecretFile.FindExposure(Path.Combine(path, KeyFile)) };
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new InvalidOperationException(
                $"The certificates in {path} cannot be used: {exception.Message} It must hold {CertificateFile}, {KeyFile} and "
                + $"{AuthoritiesFile}.", exception);
        }
    }

    /// <summary>Whether the certificate of a peer is valid for both purposes and signed by one of the authorities.</summary>
    public bool IsTrusted(X509Certificate2? peer, SslPolicyErrors errors)
    {
        if (peer is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return false;
        using var chain = new X509Chain { ChainPolicy = CreateChainPolicy() };
        return chain.Build(peer);
    }

    /// <summary>Creates the rules for the certificates of peers.</summary>
    public X509ChainPolicy CreateChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // A private authority has no revocation list. Short-lived certificates replace it.
            RevocationMode = X509RevocationMode.NoCheck,
            // A certificate of anybody can name an address, which this program would contact and wait for.
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        foreach (var purpose in Purposes)
            policy.ApplicationPolicy.Add(new Oid(purpose));
        return policy;
    }
}
