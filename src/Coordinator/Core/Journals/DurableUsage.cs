using Akka.Actor;

namespace Actors.Coordinator.Journals;

/// <summary>
/// The memory of all loaded durable pools and queues of a coordinator, and the size of its store. Their clients come and go, so it counts
/// for all clients together. Thread-safe: all actors of pools and queues count here.
/// </summary>
/// <param name="limits">The limits.</param>
public sealed class DurableUsage(DurableLimits limits)
{
    private long _memory;
    private long _results;
    private long _storeSize;

    /// <summary>The limits.</summary>
    public DurableLimits Limits => limits;

    /// <summary>The bytes of all loaded pools and queues.</summary>
    public long Memory => Interlocked.Read(ref _memory);

    /// <summary>Whether no further jobs of any pool should run, because of the results that are retained.</summary>
    public bool NeedsPause => Interlocked.Read(ref _results) > limits.Memory;

    /// <summary>Whether the store has its greatest size.</summary>
    public bool IsStoreFull => Interlocked.Read(ref _storeSize) > limits.StoreSpace;

    /// <summary>Finds the usage of an actor system; null if it has no limits, because it is that of a client.</summary>
    public static DurableUsage? FindUsage(ActorSystem system) => system.WithExtension<UsageExtension, UsageExtensionProvider>().Usage;

    /// <summary>Creates the part of one pool or queue, which is empty.</summary>
    public static DurableCharge CreateCharge(ActorSystem system) => new(FindUsage(system));

    /// <summary>Sets the measured size of the store.</summary>
    public void SetStoreSize(long bytes) => Interlocked.Exchange(ref _storeSize, bytes);

    /// <summary>Adds amounts, or removes negative ones.</summary>
    public void Add(long memory, long results)
    {
        Interlocked.Add(ref _memory, memory);
        Interlocked.Add(ref _results, results);
    }

    private sealed class UsageExtension(DurableUsage? usage) : IExtension
    {
        public DurableUsage? Usage => usage;
    }

    private sealed class UsageExtensionProvider : ExtensionIdProvider<UsageExtension>
    {
        public override UsageExtension CreateExtension(ExtendedActorSystem system) =>
            new(DurableLimits.ReadLimits(system.Settings.Config) is { } limits ? new DurableUsage(limits) : null);
    }
}
