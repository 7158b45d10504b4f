using Actors.Coordinator.Clients;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The charge of an open pool, or of a waiting request to open one, to its client: the pool, and the memory of its settings. Not
/// thread-safe.
/// </summary>
public sealed class OpenPoolCharge : IDisposable
{
    /// <summary>Each label is compared with those of all nodes, and the needs of a pool are kept as long as it.</summary>
    private static readonly string NeedsRefusal = FormattableString.Invariant(
        $"A pool can need {NodeTraits.MaxCount:N0} labels and resources, with names of {NodeTraits.LongestName:N0} characters. ")
        + "Need fewer, or shorten their names.";

    private readonly ClientCharge _pool;
    private readonly ClientCharge _memory;

    private OpenPoolCharge(ClientUsage? usage) =>
        (_pool, _memory) = (new ClientCharge(usage, ClientResource.Pools), new ClientCharge(usage, ClientResource.JobMemory));

    /// <summary>Adds a pool to the usage of a client.</summary>
    /// <param name="usage">The usage. Null for a client without limits.</param>
    /// <param name="open">The request of the client.</param>
    /// <param name="refusal">The reason of the refusal.</param>
    /// <returns>The charge; null if the client would exceed a limit.</returns>
    public static OpenPoolCharge? TryCreate(ClientUsage? usage, PoolProtocol.OpenPool open, out string refusal)
    {
        var charge = new OpenPoolCharge(usage);
        refusal = "";
        if (open.Spec.Needs is { AreReasonable: false })
            refusal = NeedsRefusal;
        else if (!charge._pool.TryGrow(1))
            refusal = charge._pool.FormatRefusal();
        else if (charge._memory.IsLimited && !charge._memory.TryGrow(MeasureSettings(open)))
            refusal = charge._memory.FormatRefusal();
        if (refusal.Length == 0)
            return charge;
        charge.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        _memory.Dispose();
    }

    private static long MeasureSettings(PoolProtocol.OpenPool open) => WireLimits.SizeOf(open.Spec) + WireLimits.SizeOf(open.Functions);
}
