using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.WorkerNode;

/// <summary>How a worker node is to be.</summary>
/// <param name="Join">Where coordinators listen; one is enough to find them all.</param>
/// <param name="Processes">How many executors it offers; at least 1.</param>
/// <param name="Host">The address that it listens on.</param>
/// <param name="Port">The port that it listens on; 0 is any.</param>
/// <param name="CacheDirectory">Where it keeps code bundles.</param>
/// <param name="Config">A HOCON file whose keys win.</param>
/// <param name="Tls">Who it is on its links; null where they are not encrypted.</param>
/// <param name="IsInsecure">They need not be, wherever it listens.</param>
/// <param name="Ready">A file that is there as long as it is in a cluster.</param>
/// <param name="Key">The coordinator's key; null for none.</param>
internal sealed record WorkerNodeOptions(IReadOnlyList<HostPort> Join, int Processes, string Host, int Port, string CacheDirectory, FileInfo? Config,
    AccessKey? Key = null, TlsIdentity? Tls = null, bool IsInsecure = false, FileInfo? Ready = null);
