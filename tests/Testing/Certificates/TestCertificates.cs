using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Actors.Testing;

/// <summary>A certificate authority and signed certificates in directories for <c>--tls</c>.</summary>
public sealed class TestCertificates : IDisposable
{
    private const string Server = "1.3.6.1.5.5.7.3.1";
    private const string Client = "1.3.6.1.5.5.7.3.2";

    private readonly string _directory = Directory.CreateTempSubdirectory("tls-").FullName;
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>Creates a directory with a certificate of this authority and the trusted authority.</summary>
    /// <param name="name">The name of the directory.</param>
    /// <param name="days">The validity in days from now; negative for an expired certificate.</param>
    /// <param name="isForServersOnly">Whether the certificate is invalid for clients.</param>
    /// <param name="believing">Another authority that is trusted instead of this one.</param>
    /// <param name="role">The role in the certificate; null for none.</param>
    public string Make(string name, int days = 1, bool isForServersOnly = false, TestCertificates? believing = null, string? role = null)
    {
        var path = Directory.CreateDirectory(Path.Combine(_directory, name)).FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var purposes = new OidCollection { new(Server) };
        if (!isForServersOnly)
            purposes.Add(new Oid(Client));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, false));
        if (role is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri($"actors:{role}"));
            request.CertificateExtensions.Add(names.Build());
        }

        var until = DateTimeOffset.UtcNow.AddDays(days);
        using var certificate = request.Create(_authority, until.AddDays(-5), until, RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(Path.Combine(path, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(path, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(path, "ca.crt"), (believing ?? this)._authority.ExportCertificatePem());
        return path;
    }

    /// <summary>Creates a certificate that anybody can make: of an unknown authority, whose certificate is at an address.</summary>
    /// <param name="issuer">The address of the authority's certificate.</param>
    public static X509Certificate2 MakeWithUnknownIssuer(Uri issuer)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=unknown", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var signer = authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=attacker", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(Server), new(Client)], false));
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [issuer.ToString()]));
        using var certificate = request.Create(signer, signer.NotBefore, signer.NotAfter, RandomNumberGenerator.GetBytes(16));
        using var withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
