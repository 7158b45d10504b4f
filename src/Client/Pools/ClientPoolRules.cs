using Actors.Messages;

namespace Actors.Pools;

/// <summary>The properties of a pool that decide how its client behaves.</summary>
internal sealed record ClientPoolRules
{
    /// <summary>The name of the pool, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the pool writes its jobs, and exists before and after its client.</summary>
    public required bool IsDurable { get; init; }

    /// <summary>Whether the pool is in another process, so that messages are limited in size.</summary>
    public required bool IsRemote { get; init; }

    /// <summary>Whether the pool can be opened again after the loss of its coordinator.</summary>
    public required bool CanReopen { get; init; }

    /// <summary>Whether only explicit acknowledgments confirm the outcomes of a durable pool.</summary>
    public bool IsAcknowledgedExplicitly { get; init; }

    /// <summary>Whether the client retains its jobs until they end, because a lost coordinator was the only other owner.</summary>
    public bool RetainsJobs => CanReopen && !IsDurable;

    /// <summary>Whether arguments are too large for a message, and are uploaded before the job is sent.</summary>
    public bool NeedsUpload(ReadOnlyMemory<byte> arguments) =>
        IsRemote && !IsDurable && arguments.Length > WireLimits.LargestInMessage;
}
