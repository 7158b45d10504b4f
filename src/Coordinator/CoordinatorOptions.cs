using Actors.Coordinator.Http;
using Actors.Coordinator.Payloads;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Coordinator;

/// <summary>The settings of a coordinator. Immutable.</summary>
/// <param name="Program">The settings that all programs share.</param>
/// <param name="Seeds">The addresses of all coordinators of the cluster, including this one.</param>
/// <param name="NodeKey">The key for worker nodes. Null if it is the key of the clients.</param>
/// <param name="Store">The store of durable pools. Null without durable pools.</param>
/// <param name="Payloads">The limits of the store for large arguments and results.</param>
/// <param name="CodeSpace">The space for code, in bytes.</param>
/// <param name="DataPort">The port for large arguments and results. Null for that of the configuration.</param>
/// <param name="Http">The settings of the HTTP endpoint. Null without it.</param>
/// <param name="OperatorKey">The key of operators that inject faults. Null for none.</param>
/// <param name="AllowsChaos">Whether operators may inject faults.</param>
/// <param name="StoreExposure">The warning about the file with the settings of the store; null for none.</param>
internal sealed record CoordinatorOptions(
    ProgramSettings Program, IReadOnlyList<HostPort> Seeds, AccessKey? NodeKey, DurableStore? Store, PayloadLimits Payloads, long CodeSpace,
    int? DataPort, HttpSettings? Http, AccessKey? OperatorKey = null, bool AllowsChaos = false, string? StoreExposure = null)
{
    /// <summary>The warnings about files with secrets that other users may read.</summary>
    public IEnumerable<string> Exposures =>
    [
        .. Program.Exposures,
        .. new[] { NodeKey?.Exposure, OperatorKey?.Exposure, Http?.Token.Exposure, StoreExposure }.OfType<string>(),
    ];

    /// <summary>Refuses unencrypted connections to other machines.</summary>
    /// <exception cref="InvalidOperationException">A setting would allow them.</exception>
    public void RequireSafety()
    {
        Program.RequireSafety();
        if (Http is { } http)
            Loopback.RequireSafeConnection(http.At.Host, Program.Tls, Program.IsInsecure);
    }
}
