using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;

namespace Actors.Remoting.Access;

/// <summary>
/// Who this process is on encrypted links, and whom it believes: a certificate with its key, and the authorities that must have signed those of the others.
/// Both ends of a link show theirs. Read once, when the process starts.
/// </summary>
internal sealed class TlsIdentity
{
    /// <summary>Environment variable: the directory with the certificates of this process, as <c>--tls</c>.</summary>
    public const string DirectoryVariable = "ACTORS_TLS_DIRECTORY";

    /// <summary>The names of the files, as Kubernetes has them in a secret of type TLS.</summary>
    public const string CertificateFile = "tls.crt";
    public const string KeyFile = "tls.key";
    public const string AuthoritiesFile = "ca.crt";

    /// <summary>What a certificate must be for: every process both connects and is connected to.</summary>
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

    /// <summary>What it shows of itself, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>For the actor system.</summary>
    public DotNettySslSetup Setup { get; }

    /// <summary>The identity in a directory; null where none is named.</summary>
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
            // The streams want a key that came with its certificate.
            var certificate = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
            return new TlsIdentity(certificate, authorities);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new InvalidOperationException(
                $"The certificates in {path} cannot be used: {exception.Message} It must hold {CertificateFile}, {KeyFile} and {AuthoritiesFile}.", exception);
        }
    }

    /// <summary>Whether one of the authorities has signed it, for this, and it is not over.</summary>
    internal bool IsTrusted(X509Certificate2? peer, SslPolicyErrors errors)
    {
        if (peer is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        // An authority of one's own has no list of what it takes back; short-lived certificates stand in for it.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var purpose in Purposes)
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(purpose));
        return chain.Build(peer);
    }
}
