using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Programs;

/// <summary>The settings of a program of any role. Immutable.</summary>
/// <param name="Address">The address at which other programs reach this one, and on which it listens.</param>
/// <param name="Config">A HOCON file whose keys override the defaults; null for none.</param>
/// <param name="Key">The key of the coordinator's peers; null for none.</param>
/// <param name="Tls">The certificate of this program; null for unencrypted connections.</param>
/// <param name="IsInsecure">Whether unencrypted connections to other machines are permitted.</param>
/// <param name="Ready">A file that exists while the program is in its cluster; null for none.</param>
/// <param name="Bind">The address to listen on; null for the host of <paramref name="Address"/>.</param>
public sealed record ProgramSettings(
    HostPort Address, FileInfo? Config, AccessKey? Key, TlsIdentity? Tls, bool IsInsecure, FileInfo? Ready, string? Bind = null)
{
    /// <summary>The warnings about files with secrets that other users may read.</summary>
    public IEnumerable<string> Exposures => new[] { Key?.Exposure, Tls?.Exposure }.OfType<string>();

    /// <summary>Throws if the settings permit unencrypted connections to other machines without <see cref="IsInsecure"/>.</summary>
    /// <exception cref="InvalidOperationException">The settings do so.</exception>
    public void RequireSafety()
    {
        Loopback.RequireSafeConnection(Address.Host, Tls, IsInsecure);
        Loopback.RequireSafeConnection(Bind ?? Address.Host, Tls, IsInsecure);
    }
}
