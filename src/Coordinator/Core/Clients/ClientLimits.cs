using Akka.Configuration;

namespace Actors.Coordinator.Clients;

/// <summary>The limits of one client at a coordinator. Immutable.</summary>
public sealed class ClientLimits
{
    private const string Section = "actors.client-limits";

    private static readonly (ClientResource Resource, string Setting, string Text)[] Settings =
    [
        (ClientResource.Pools, "pools", "open pools"),
        (ClientResource.JobMemory, "job-memory", "bytes of pending jobs and results that it has not received"),
        (ClientResource.Objects, "objects", "managed objects and names"),
        (ClientResource.ObjectMemory, "object-memory", "bytes in managed objects"),
        (ClientResource.WaitingCalls, "waiting-calls", "waiting calls on managed objects"),
        (ClientResource.DurableQueues, "durable-queues", "durable queues in use"),
    ];

    private readonly long[] _limits;

    private ClientLimits(long[] limits) => _limits = limits;

    /// <summary>Gets the limit of a resource.</summary>
    public long this[ClientResource resource] => _limits[(int)resource];

    /// <summary>Reads the limits from the configuration of an actor system. Without the section there is no limit.</summary>
    /// <exception cref="ConfigurationException">A limit is missing or less than 1.</exception>
    public static ClientLimits? ReadLimits(Config config)
    {
        if (!config.HasPath(Section))
            return null;
        var limits = new long[Settings.Length];
        foreach (var (resource, setting, _) in Settings)
            limits[(int)resource] = ReadLimit(config, $"{Section}.{setting}");
        return new ClientLimits(limits);
    }

    /// <summary>Creates the limits of several clients together.</summary>
    public ClientLimits Multiply(int clients) =>
        new([.. _limits.Select(limit => limit > long.MaxValue / clients ? long.MaxValue : limit * clients)]);

    /// <summary>Formats the reason of a refusal.</summary>
    public string FormatRefusal(ClientResource resource)
    {
        var (_, setting, text) = Settings[(int)resource];
        return FormattableString.Invariant($"One client can have {this[resource]:N0} {text} at this coordinator. ")
            + $"Use fewer at once, or start the coordinator with a larger {Section}.{setting} (--config FILE).";
    }

    private static long ReadLimit(Config config, string setting) => config.GetByteSize(setting) is { } limit and >= 1
        ? limit
        : throw new ConfigurationException($"{setting} must be at least 1.");
}
