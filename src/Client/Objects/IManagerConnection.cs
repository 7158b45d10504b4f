using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Runtime;

namespace Actors.Objects;

/// <summary>The connection of a manager to the coordinator of its objects. Thread-safe.</summary>
internal interface IManagerConnection : IAsyncDisposable
{
    /// <summary>The latest connection to a coordinator, which may be lost.</summary>
    /// <exception cref="NotSupportedException">The objects are in memory, and no coordinator exists.</exception>
    IClientRuntime Runtime { get; }

    /// <summary>Creates an object.</summary>
    /// <returns>The id, and the channel to the object.</returns>
    /// <exception cref="CoordinatorLostException">The coordinator was lost during the call, or does not answer.</exception>
    /// <exception cref="CoordinatorUnreachableException">The coordinator was lost before and no other answers.</exception>
    Task<(ObjectId Id, IObjectChannel Objects)> CreateObjectAsync(
        ObjectKind kind, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken);

    /// <summary>Sends a request to the coordinator.</summary>
    /// <returns>The reply, and the channel to the objects of that coordinator.</returns>
    /// <exception cref="CoordinatorLostException">The coordinator was lost during the call, or does not answer.</exception>
    /// <exception cref="CoordinatorUnreachableException">The coordinator was lost before and no other answers.</exception>
    Task<(T Answer, IObjectChannel Objects)> SendRequestAsync<T>(object message, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>Removes an object. The coordinator accepts this only from its maker.</summary>
    void RemoveObject(ObjectId id);

    /// <summary>Removes the remaining objects that have no name.</summary>
    void StopMaker();
}
