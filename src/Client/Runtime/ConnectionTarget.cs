using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Runtime;

/// <summary>The coordinators of a connection string, and the files that prove the identity of this program to them.</summary>
/// <param name="Addresses">The addresses of the coordinators.</param>
/// <param name="TlsDirectory">The directory with the certificates; null for that of the environment.</param>
/// <param name="KeyFile">The file with the shared key; null for that of the environment.</param>
internal sealed record ConnectionTarget(IReadOnlyList<HostPort> Addresses, string? TlsDirectory, string? KeyFile)
{
    private const string TlsKey = "Tls";
    private const string KeyFileKey = "KeyFile";

    /// <summary>Parses HOST:PORT,HOST:PORT,…;Tls=DIRECTORY;KeyFile=FILE.</summary>
    /// <exception cref="FormatException">An address, a key or a value is invalid.</exception>
    public static ConnectionTarget Parse(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var target = new ConnectionTarget(HostPort.ParseList(parts[0]), TlsDirectory: null, KeyFile: null);
        foreach (var part in parts.Skip(1).Where(part => part.Length > 0))
            target = target.WithSetting(part);
        return target;
    }

    /// <summary>Reads the shared key.</summary>
    /// <returns>Null without a key.</returns>
    /// <exception cref="InvalidOperationException">The file cannot be read, is empty, or is too long.</exception>
    public AccessKey? ReadKey() => AccessKey.ReadFile(KeyFile);

    /// <summary>Reads the certificates.</summary>
    /// <returns>Null without certificates.</returns>
    /// <exception cref="InvalidOperationException">
    /// A file is missing or cannot be used, or there are no certificates for a coordinator on another machine.
    /// </exception>
    public TlsIdentity? ReadCertificates()
    {
        var certificates = TlsIdentity.ReadDirectory(TlsDirectory);
        foreach (var at in Addresses)
            Loopback.RequireSafeConnection(at.Host, certificates, isInsecure: false);
        return certificates;
    }

    /// <summary>Checks that key and certificates can be read.</summary>
    /// <exception cref="InvalidOperationException">
    /// A file is missing or cannot be used, or there are no certificates for a coordinator on another machine.
    /// </exception>
    public void RequireUsableFiles()
    {
        _ = ReadKey();
        _ = ReadCertificates();
    }

    private ConnectionTarget WithSetting(string part)
    {
        var (name, value) = part.Split('=', 2, StringSplitOptions.TrimEntries) is [var key, { Length: > 0 } text]
            ? (key, text)
            : (part, "");
        if (value.Length > 0 && name.Equals(TlsKey, StringComparison.OrdinalIgnoreCase))
            return this with { TlsDirectory = value };
        if (value.Length > 0 && name.Equals(KeyFileKey, StringComparison.OrdinalIgnoreCase))
            return this with { KeyFile = value };
        throw new FormatException(
            $"'{name}' is not a setting of a connection string: after the addresses, use {TlsKey}=DIRECTORY (certificates) and "
            + $"{KeyFileKey}=FILE (shared key), with semicolons between.");
    }
}
