using Actors.Coordinator.Clients;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>The request of a client to open a durable pool.</summary>
/// <param name="Message">The request, with a session.</param>
/// <param name="Usage">The usage of the client. Null for a client without limits.</param>
public sealed record PoolOpening(PoolProtocol.OpenPool Message, ClientUsage? Usage);
