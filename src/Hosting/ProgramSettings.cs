using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Hosting;

/// <summary>How a program of any role is to be. Immutable.</summary>
/// <param name="Address">The address at which the others find it, and on which it listens.</param>
/// <param name="Config">A HOCON file whose keys win.</param>
/// <param name="Key">What whoever comes to a coordinator must have; null for nothing.</param>
/// <param name="Tls">Who it is on its links; null where they are not encrypted.</param>
/// <param name="IsInsecure">They need not be, wherever it listens.</param>
/// <param name="Ready">A file that is there as long as it is in its cluster; null for none.</param>
/// <param name="Bind">The address that it listens on; null where that is the host of <paramref name="Address"/>.</param>
internal sealed record ProgramSettings(
    HostPort Address, FileInfo? Config, AccessKey? Key, TlsIdentity? Tls, bool IsInsecure, FileInfo? Ready, string? Bind = null)
{
    /// <summary>Refuses to talk to other machines in the clear.</summary>
    /// <exception cref="InvalidOperationException">It would.</exception>
    public void RequireSafety()
    {
        Loopback.RequireSafeConnection(Address.Host, Tls, IsInsecure);
        Loopback.RequireSafeConnection(Bind ?? Address.Host, Tls, IsInsecure);
    }
}
