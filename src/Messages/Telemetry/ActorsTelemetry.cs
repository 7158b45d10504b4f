using System.Diagnostics;
using System.Diagnostics.Metrics;
using Actors.Messages.Pools;

namespace Actors.Messages.Telemetry;

/// <summary>
/// The meter and the activity source of every process, both named <c>Actors</c>, and the names of their tags. Parts of a process that end
/// before it have a meter of the same name.
/// </summary>
public static class ActorsTelemetry
{
    public const string Name = "Actors";
    public const string PoolTag = "actors.pool";
    public const string FunctionTag = "actors.function";
    public const string StatusTag = "actors.status";
    public const string ReasonTag = "actors.reason";
    public const string DirectionTag = "actors.direction";

    /// <summary>The tag value of a pool without a name.</summary>
    public const string UnnamedPool = "default";

    /// <summary>The tag value that stands for all values above the limit of <see cref="TagLimit{T}"/>.</summary>
    public const string OtherValue = "other";

    /// <summary>
    /// Whether this process is instrumented; true unless the switch <c>Actors.Telemetry.IsSupported</c> of <see cref="AppContext"/> is
    /// false. Compiled as a constant, so that the checks for listeners vanish without it: <c>bench/Telemetry</c> measures their cost.
    /// </summary>
    public static readonly bool IsSupported = !AppContext.TryGetSwitch("Actors.Telemetry.IsSupported", out var isSupported) || isSupported;

    private const int MaxValueLength = 200;

    /// <summary>The meter of instruments that live as long as the process.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>The source of the spans.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>The boundaries of histograms of durations, in seconds.</summary>
    public static InstrumentAdvice<double> Durations { get; } = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    };

    /// <summary>The boundaries of histograms of sizes, in bytes: from 64 B to 1 GiB.</summary>
    public static InstrumentAdvice<long> Sizes { get; } = new()
    {
        HistogramBucketBoundaries =
        [
            1 << 6, 1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 27, 1 << 30,
        ],
    };

    /// <summary>Cuts a tag value that another program has chosen.</summary>
    public static string ShortenValue(string value) => value.Length > MaxValueLength ? value[..MaxValueLength] : value;

    /// <summary>Gets the tag value of a pool.</summary>
    public static string GetPoolName(PoolSpec spec) => ShortenValue(spec.IsDurable ? spec.Name : spec.DisplayName ?? UnnamedPool);

    /// <summary>Gets the tag values of all members of an enum, in their order.</summary>
    public static string[] GetTagValues<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(member => GetTagValue(member))];

    /// <summary>Gets the tag value of an enum member, such as <c>timedout</c>.</summary>
    public static string GetTagValue(Enum member) => member.ToString().ToLowerInvariant();
}
