using System.Collections.Immutable;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;

namespace Actors.Pools;

/// <summary>The location of a shared value. Immutable.</summary>
/// <param name="Id">The id of the value.</param>
/// <param name="MemoryName">The name of the shared memory with the content; null on a cluster.</param>
/// <param name="Stored">The content at the coordinator of a cluster; null on this machine, and in a worker.</param>
/// <param name="Pool">The pool of a cluster whose workers can read the value; null on this machine, and in a worker.</param>
internal sealed record SharedReference(PayloadId Id, string? MemoryName, StoredPayload? Stored = null, IPoolSession? Pool = null)
{
    /// <summary>Adds the shared values of a call to the policy of its job. Nodes download them before the job starts.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="keptAlive">The objects that the arguments refer to.</param>
    /// <param name="rules">The kind of pool.</param>
    /// <param name="pool">The pool.</param>
    /// <exception cref="InvalidOperationException">The workers of the pool cannot read one of the values.</exception>
    public static JobPolicy AddTo(JobPolicy policy, IReadOnlyList<object> keptAlive, ClientPoolRules rules, IPoolSession pool)
    {
        var references = keptAlive.OfType<SharedReference>().Distinct().ToList();
        foreach (var reference in references)
            reference.RequireReadable(rules, pool);
        if (references.Count > SharedPayloads.Largest)
        {
            throw new InvalidOperationException(
                $"The arguments hold {references.Count} shared values, and at most {SharedPayloads.Largest} are possible. Share a "
                + "collection of the values.");
        }

        ImmutableArray<StoredPayload> stored = [.. references.Select(reference => reference.Stored).OfType<StoredPayload>()];
        return stored.IsEmpty ? policy : policy with { Shared = new SharedPayloads(stored) };
    }

    private void RequireReadable(ClientPoolRules rules, IPoolSession pool)
    {
        if (rules.IsDurable)
            throw new InvalidOperationException(ForDurablePool);
        if (rules.IsRemote ? Pool != pool : MemoryName is null)
        {
            throw new InvalidOperationException(
                "The arguments hold a value that was shared with another pool. Call ShareAsync on this pool.");
        }
    }

    /// <summary>The reason why a durable pool has no shared values.</summary>
    public const string ForDurablePool =
        "A durable pool has no shared values, because its jobs may outlive this program. Pass the value itself, or the path of a file.";
}
