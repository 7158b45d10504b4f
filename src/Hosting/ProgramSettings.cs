using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Hosting;

/// <summary>How a program of any role is to be. Immutable.</summary>
/// <param name="At">Where it listens, and under which name the others find it.</param>
/// <param name="Config">A HOCON file whose keys win.</param>
/// <param name="Key">What whoever comes to a coordinator must have; null for nothing.</param>
/// <param name="Tls">Who it is on its links; null where they are not encrypted.</param>
/// <param name="IsInsecure">They need not be, wherever it listens.</param>
/// <param name="Ready">A file that is there as long as it is in its cluster; null for none.</param>
internal sealed record ProgramSettings(HostPort At, FileInfo? Config, AccessKey? Key, TlsIdentity? Tls, bool IsInsecure, FileInfo? Ready)
{
    /// <summary>Refuses to talk to other machines in the clear.</summary>
    /// <exception cref="InvalidOperationException">It would.</exception>
    public void RequireSafety() => Loopback.Require(At.Host, Tls, IsInsecure);
}
