using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Coordinator;

/// <summary>How a coordinator is to be.</summary>
/// <param name="At">Where it listens, and under which name the others find it.</param>
/// <param name="Seeds">All coordinators of its cluster, itself among them.</param>
/// <param name="Config">A HOCON file whose keys win.</param>
/// <param name="Key">What clients and nodes must have; null for nothing.</param>
/// <param name="Tls">Who it is on its links; null where they are not encrypted.</param>
/// <param name="IsInsecure">They need not be, wherever it listens.</param>
/// <param name="Store">Where durable pools are written; null when there are none.</param>
/// <param name="Ready">A file that is there as long as it is a member of its cluster.</param>
internal sealed record CoordinatorOptions(HostPort At, IReadOnlyList<HostPort> Seeds, FileInfo? Config, AccessKey? Key, TlsIdentity? Tls, bool IsInsecure, DurableStore? Store, FileInfo? Ready);
