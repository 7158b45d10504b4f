using Akka.Configuration;

namespace Actors.Coordinator.Journals;

/// <summary>The limits of the durable pools and queues of a coordinator. Immutable.</summary>
/// <param name="Memory">The bytes of all loaded ones together.</param>
/// <param name="MemoryEach">The bytes of one pool or queue.</param>
/// <param name="StoreSpace">The bytes of the store.</param>
/// <param name="CheckInterval">The interval at which the size of the store is measured.</param>
public sealed record DurableLimits(long Memory, long MemoryEach, long StoreSpace, TimeSpan CheckInterval)
{
    /// <summary>The setting of <see cref="Memory"/>.</summary>
    public const string MemorySetting = $"{Section}.memory";

    private const string Section = "actors.durable-limits";

    /// <summary>Reads the limits from the configuration of an actor system. Without the section there is no limit.</summary>
    /// <exception cref="ConfigurationException">A limit is missing.</exception>
    public static DurableLimits? ReadLimits(Config config)
    {
        if (!config.HasPath(Section))
            return null;
        var memory = SizeSetting.Read(config, MemorySetting, SizeSetting.GetPartOfMemory());
        return new DurableLimits(
            memory, SizeSetting.Read(config, $"{Section}.memory-each", memory / 2),
            SizeSetting.Read(config, $"{Section}.store-space", long.MaxValue), config.GetTimeSpan($"{Section}.store-check-interval"));
    }

    /// <summary>Formats the reason why a pool or queue keeps no more.</summary>
    /// <param name="name">The pool or queue, such as "The durable pool 'x'".</param>
    public string FormatOwnRefusal(string name) =>
        Format($"{name} keeps as much as one durable pool or queue may: {MemoryEach:N0} bytes", "memory-each");

    /// <summary>Formats the reason why all pools and queues keep no more.</summary>
    public string FormatTotalRefusal() =>
        Format($"The durable pools and queues of this coordinator keep as much as they may: {Memory:N0} bytes", "memory");

    /// <summary>Formats the reason why nothing more is stored.</summary>
    public string FormatStoreRefusal() =>
        Format($"The store of this coordinator has its greatest size: {StoreSpace:N0} bytes", "store-space");

    private static string Format(FormattableString limit, string setting) => FormattableString.Invariant(limit)
        + $". Wait until jobs have ended, and results and items were received; or start the coordinator with a larger {Section}.{setting} "
        + "(--config FILE).";
}
