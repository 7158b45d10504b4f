using Actors.Coordinator.Journals;
using Akka.Configuration;

namespace Actors.Coordinator.Clients;

/// <summary>
/// The limits of one client at a coordinator, and the limit of the memory of all clients together. One client gets at most half of this
/// memory. Immutable.
/// </summary>
public sealed class ClientLimits
{
    private const string Section = "actors.client-limits";
    private const string TotalSetting = $"{Section}.total-memory";

    /// <summary>The part of a total that one client may use: 1 / this number.</summary>
    private const int ShareParts = 2;

    private static readonly (ClientResource Resource, string Setting, string Text)[] Settings =
    [
        (ClientResource.Pools, "pools", "open pools"),
        (ClientResource.JobMemory, "job-memory", "bytes of pending jobs and results that it has not received"),
        (ClientResource.Objects, "objects", "managed objects and names"),
        (ClientResource.ObjectMemory, "object-memory", "bytes in managed objects"),
        (ClientResource.WaitingCalls, "waiting-calls", "waiting calls on managed objects"),
        (ClientResource.DurableQueues, "durable-queues", "durable queues in use"),
        (ClientResource.UnreadAnswers, "unread-answers", "bytes of answers that it has not received"),
    ];

    private readonly ClientLimit[] _limits;

    private ClientLimits(ClientLimit[] limits, long totalMemory) => (_limits, TotalMemory) = (limits, totalMemory);

    /// <summary>Gets the limit of a resource.</summary>
    public long this[ClientResource resource] => _limits[(int)resource].Amount;

    /// <summary>The bytes of all clients together.</summary>
    public long TotalMemory { get; }

    /// <summary>Reads the limits from the configuration of an actor system. Without the section there is no limit.</summary>
    /// <exception cref="ConfigurationException">A limit is missing or less than 1.</exception>
    public static ClientLimits? ReadLimits(Config config)
    {
        if (!config.HasPath(Section))
            return null;
        var total = SizeSetting.Read(config, TotalSetting, SizeSetting.GetPartOfMemory());
        var share = new ClientLimit(Math.Max(1, total / ShareParts), TotalSetting);
        var limits = new ClientLimit[Settings.Length];
        foreach (var (resource, setting, _) in Settings)
            limits[(int)resource] = ReadLimit(config, $"{Section}.{setting}");
        foreach (var memory in new[] { ClientResource.JobMemory, ClientResource.ObjectMemory, ClientResource.UnreadAnswers })
            limits[(int)memory] = limits[(int)memory].CapAt(share);
        if (DurableLimits.ReadLimits(config) is { } durable)
            limits[(int)ClientResource.DurableQueues] = limits[(int)ClientResource.DurableQueues].CapAt(ShareQueues(durable));
        return new ClientLimits(limits, total);
    }

    /// <summary>Creates the limits of several clients together.</summary>
    public ClientLimits Multiply(int clients) => new([.. _limits.Select(limit => limit.Multiply(clients))], TotalMemory);

    /// <summary>Formats the reason of a refusal because of the limits of one client.</summary>
    public string FormatRefusal(ClientResource resource)
    {
        var (amount, setting) = _limits[(int)resource];
        return FormattableString.Invariant($"One client can have {amount:N0} {Settings[(int)resource].Text} at this coordinator. ")
            + $"Use fewer at once, or start the coordinator with a larger {setting} (--config FILE).";
    }

    /// <summary>Formats the reason of a refusal because of the memory of all clients.</summary>
    public string FormatTotalRefusal() =>
        FormattableString.Invariant($"The clients of this coordinator use as much memory as they may: {TotalMemory:N0} bytes. ")
        + $"Wait until others use less, remove named objects that nobody needs, or start the coordinator with a larger {TotalSetting} "
        + "(--config FILE).";

    /// <summary>The queues that one client may use. Each takes memory of all durable pools and queues, also without content.</summary>
    private static ClientLimit ShareQueues(DurableLimits durable) =>
        new(Math.Max(1, durable.Memory / ShareParts / DurableCharge.Overhead), DurableLimits.MemorySetting);

    private static ClientLimit ReadLimit(Config config, string setting) => config.GetByteSize(setting) is { } limit and >= 1
        ? new ClientLimit(limit, setting)
        : throw new ConfigurationException($"{setting} must be at least 1.");

    /// <param name="Amount">The amount.</param>
    /// <param name="Setting">The setting that determines it.</param>
    private readonly record struct ClientLimit(long Amount, string Setting)
    {
        public ClientLimit CapAt(ClientLimit share) => Amount <= share.Amount ? this : share;

        public ClientLimit Multiply(int clients) =>
            this with { Amount = Amount > long.MaxValue / clients ? long.MaxValue : Amount * clients };
    }
}
