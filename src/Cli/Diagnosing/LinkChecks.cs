using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Actors.Remoting.Access;

namespace Actors.Cli.Diagnosing;

/// <summary>The checks of connections to other programs: ports, certificates and keys.</summary>
internal static class LinkChecks
{
    private const string KeyName = "key";
    private const string CertificateName = "certificates";

    private static readonly TimeSpan RenewalTime = TimeSpan.FromDays(14);

    /// <summary>Checks that a program can listen on a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="level">The level of a port that is in use.</param>
    public static Finding CheckPort(int port, FindingLevel level)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return new Finding($"port {port}", FindingLevel.Passed, "free");
        }
        catch (SocketException exception)
        {
            return new Finding($"port {port}", level, exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    "Another program listens on it. If that is no coordinator of yours, end it, or choose another port (--port).",
                SocketError.AccessDenied => "This user may not listen on it. Choose a port from 1024 (--port).",
                _ => $"{exception.Message}. Choose another port (--port).",
            });
        }
    }

    /// <summary>Checks the certificates of this program.</summary>
    /// <param name="directory">The directory; null for the directory that the environment names.</param>
    public static Finding CheckCertificates(string? directory)
    {
        try
        {
            return TlsIdentity.ReadDirectory(directory) is { } identity
                ? WarnOfExposure(identity, CompareCertificate(
                    identity.Certificate, identity.IsTrusted(identity.Certificate, SslPolicyErrors.None),
                    TimeProvider.System.GetLocalNow().DateTime))
                : new Finding(CertificateName, FindingLevel.Passed, "none; connections to other machines need them (--tls)");
        }
        catch (InvalidOperationException exception)
        {
            return new Finding(CertificateName, FindingLevel.Problem, $"{exception.Message} Check --tls or "
                + $"{TlsIdentity.DirectoryVariable}.");
        }
    }

    private static Finding WarnOfExposure(TlsIdentity identity, Finding finding) =>
        finding.Level == FindingLevel.Passed && identity.Exposure is { } exposure
            ? new Finding(CertificateName, FindingLevel.Warning, exposure)
            : finding;

    /// <summary>Judges a certificate.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="isTrusted">Whether the authorities have signed it for both purposes, and it is valid now.</param>
    /// <param name="now">The local time.</param>
    public static Finding CompareCertificate(X509Certificate2 certificate, bool isTrusted, DateTime now)
    {
        var (name, until) = (certificate.Subject, FormatTime(certificate.NotAfter));
        if (certificate.NotAfter < now)
        {
            return new Finding(
                CertificateName, FindingLevel.Problem, $"The certificate {name} has expired on {until}. Create another one.");
        }

        if (certificate.NotBefore > now)
        {
            return new Finding(CertificateName, FindingLevel.Problem, $"The certificate {name} is not valid before "
                + $"{FormatTime(certificate.NotBefore)}. Check the clock of this machine.");
        }

        if (!isTrusted)
        {
            return new Finding(CertificateName, FindingLevel.Problem, $"The certificate {name} is not signed by an authority in "
                + $"{TlsIdentity.AuthoritiesFile} for both servers and clients. Create one that is.");
        }

        return certificate.NotAfter - RenewalTime < now
            ? new Finding(CertificateName, FindingLevel.Warning, $"The certificate {name} expires on {until}. Create another one in time.")
            : new Finding(CertificateName, FindingLevel.Passed, $"{name}, valid until {until}");
    }

    /// <summary>Checks the key of this program.</summary>
    /// <param name="file">The file; null for the file that the environment names.</param>
    public static Finding CheckKey(string? file)
    {
        try
        {
            if (AccessKey.ReadFile(file) is { } key)
            {
                return key.Exposure is { } exposure
                    ? new Finding(KeyName, FindingLevel.Warning, exposure)
                    : new Finding(KeyName, FindingLevel.Passed, $"fingerprint {key.Fingerprint}");
            }
        }
        catch (InvalidOperationException exception)
        {
            return new Finding(KeyName, FindingLevel.Problem, $"{exception.Message} Check --key-file or {AccessKey.FileVariable}.");
        }

        try
        {
            UserKey.ReadOrCreate();
            return new Finding(KeyName, FindingLevel.Passed, "that of this user, for programs on this machine");
        }
        catch (InvalidOperationException exception)
        {
            return new Finding(KeyName, FindingLevel.Warning, exception.Message);
        }
    }

    private static string FormatTime(DateTime time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
