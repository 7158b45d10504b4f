using Actors.Remoting.Access;

namespace Actors.Hosting;

/// <summary>Who a program is on its links, and whom it believes. Immutable.</summary>
/// <param name="Key">What whoever comes to a coordinator must have; null for nothing.</param>
/// <param name="Tls">Who it is on its links; null where they are not encrypted.</param>
/// <param name="IsInsecure">They need not be, whoever is at the other end.</param>
internal sealed record LinkSettings(AccessKey? Key, TlsIdentity? Tls, bool IsInsecure);
