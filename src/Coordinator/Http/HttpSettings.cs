using System.Security.Cryptography.X509Certificates;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Coordinator.Http;

/// <summary>How a coordinator is looked at. Immutable.</summary>
/// <param name="At">Where it listens for HTTP.</param>
/// <param name="Token">What whoever reads the metrics must have.</param>
/// <param name="Certificate">Its own: then it is HTTPS; null where the coordinator's links are not encrypted either.</param>
internal sealed record HttpSettings(HostPort At, AccessKey Token, X509Certificate2? Certificate);
