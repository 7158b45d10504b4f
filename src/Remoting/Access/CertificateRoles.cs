using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Access;

/// <summary>
/// Reads the roles of a certificate. They are URIs such as <c>actors:coordinator</c> among its subject alternative names.
/// </summary>
public static class CertificateRoles
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const string Scheme = "actors:";
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>Reads the roles of a certificate; empty for none.</summary>
    /// <exception cref="CryptographicException">The certificate is malformed, or names an unknown role.</exception>
    public static IReadOnlyList<LinkRole> ReadRoles(X509Certificate2 certificate) =>
    [
        .. certificate.Extensions.Where(extension => extension.Oid?.Value == SubjectAlternativeName)
            .SelectMany(extension => ReadUris(extension.RawData))
            .Where(uri => uri.StartsWith(Scheme, StringComparison.Ordinal)).Select(ParseRole).Distinct(),
    ];

    private static LinkRole ParseRole(string uri) => LinkRoles.TryParse(uri[Scheme.Length..])
        ?? throw new CryptographicException(
            $"The certificate names the role '{uri}', which does not exist. Use client, node, coordinator or operator.");

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
