using System.Security.Cryptography.X509Certificates;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Coordinator.Http;

/// <summary>The settings of the HTTP endpoint. Immutable.</summary>
/// <param name="At">The address to listen on.</param>
/// <param name="Token">The bearer token that <c>/metrics</c> requires.</param>
/// <param name="Certificate">
/// The certificate for HTTPS. Null for plain HTTP, if the connections of the coordinator are not encrypted either.
/// </param>
internal sealed record HttpSettings(HostPort At, AccessKey Token, X509Certificate2? Certificate);
