using Actors.Messages;
using Actors.Remoting;

namespace Actors.Coordinator.Payloads;

/// <summary>The owner of a payload.</summary>
/// <param name="Pool">Only this pool sees the payload.</param>
/// <param name="Client">The address of the pool's client, whose share of the store the payload takes.</param>
public readonly record struct PayloadOwner(PoolId Pool, HostPort Client);
