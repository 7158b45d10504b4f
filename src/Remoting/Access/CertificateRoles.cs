using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Access;

/// <summary>The roles that a certificate is for: alternative names of its subject that are URIs such as <c>actors:coordinator</c>.</summary>
internal static class CertificateRoles
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const string Scheme = "actors:";
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>Reads the roles; empty for none.</summary>
    /// <exception cref="CryptographicException">The certificate is malformed, or names an unknown role.</exception>
    public static IReadOnlyList<LinkRole> ReadRoles(X509Certificate2 certificate) =>
    [
        .. certificate.Extensions.Where(extension => extension.Oid?.Value == SubjectAlternativeName).SelectMany(extension => ReadUris(extension.RawData))
            .Where(uri => uri.StartsWith(Scheme, StringComparison.Ordinal)).Select(ParseRole).Distinct(),
    ];

    private static LinkRole ParseRole(string uri) => LinkRoles.TryParse(uri[Scheme.Length..])
        ?? throw new CryptographicException($"The certificate is for '{uri}', which is no role.");

    private static List<string> ReadUris(byte[] extension)
    {
        try
        {
            var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            var uris = new List<string>();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(UriTag))
                    uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                else
                    names.ReadEncodedValue();
            }

            return uris;
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("The alternative names of the certificate are malformed.", exception);
        }
    }
}
