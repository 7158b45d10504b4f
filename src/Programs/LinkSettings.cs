using Actors.Remoting.Access;

namespace Actors.Programs;

/// <summary>How a program authenticates itself and its peers. Immutable.</summary>
/// <param name="Key">The key of the coordinator's peers; null for none.</param>
/// <param name="Tls">The certificate of this program; null for unencrypted connections.</param>
/// <param name="IsInsecure">Whether unencrypted connections to other machines are permitted.</param>
public sealed record LinkSettings(AccessKey? Key, TlsIdentity? Tls, bool IsInsecure);
