using Actors.Coordinator.Http;
using Actors.Coordinator.Payloads;
using Actors.Hosting;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Coordinator;

/// <summary>How a coordinator is to be. Immutable.</summary>
/// <param name="Program">As any program.</param>
/// <param name="Seeds">All coordinators of its cluster, itself among them.</param>
/// <param name="NodeKey">What worker nodes must have instead of the clients' key; null where they have the same.</param>
/// <param name="Store">Where durable pools are written; null when there are none.</param>
/// <param name="Payloads">How much it stores of large arguments and results.</param>
/// <param name="CodeSpace">How many bytes of code it stores.</param>
/// <param name="Http">How it is looked at; null for not at all.</param>
internal sealed record CoordinatorOptions(
    ProgramSettings Program, IReadOnlyList<HostPort> Seeds, AccessKey? NodeKey, DurableStore? Store, PayloadLimits Payloads, long CodeSpace,
    HttpSettings? Http)
{
    /// <summary>Refuses to talk to other machines in the clear.</summary>
    /// <exception cref="InvalidOperationException">It would.</exception>
    public void RequireSafety()
    {
        Program.RequireSafety();
        if (Http is { } http)
            Loopback.RequireSafeConnection(http.At.Host, Program.Tls, Program.IsInsecure);
    }
}
