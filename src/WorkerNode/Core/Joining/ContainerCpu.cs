using System.Globalization;

namespace Actors.WorkerNode.Joining;

/// <summary>The processor time that a container has used, and its limit, as control groups report them.</summary>
/// <param name="Used">The used time in seconds of one processor, since the start of the container.</param>
/// <param name="Processors">The number of processors that it may use.</param>
public readonly record struct ContainerCpu(double Used, double Processors)
{
    private const double Microseconds = 1e6;
    private const double Nanoseconds = 1e9;

    /// <summary>Parses the files of control groups version 2.</summary>
    /// <param name="max">The text of <c>cpu.max</c>: a quota or <c>max</c>, and the period.</param>
    /// <param name="stat">The text of <c>cpu.stat</c>: a name and a number in each line.</param>
    /// <returns>Null for no limit.</returns>
    public static ContainerCpu? ParseVersion2(string max, string stat)
    {
        var limit = max.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var used = stat.Split('\n').Select(line => line.Split(' ')).FirstOrDefault(line => line is ["usage_usec", _]);
        return limit is [var quota, var period] && used is not null ? ParseUsage(quota, period, used[1], Microseconds) : null;
    }

    /// <summary>Parses the files of control groups version 1.</summary>
    /// <param name="quota">The text of <c>cpu.cfs_quota_us</c>: negative for no limit.</param>
    /// <param name="period">The text of <c>cpu.cfs_period_us</c>.</param>
    /// <param name="usage">The text of <c>cpuacct.usage</c>.</param>
    /// <returns>Null for no limit.</returns>
    public static ContainerCpu? ParseVersion1(string quota, string period, string usage) => ParseUsage(quota, period, usage, Nanoseconds);

    private static ContainerCpu? ParseUsage(string quota, string period, string used, double unit) =>
        ParseNumber(quota) is { } most && ParseNumber(period) is { } each && ParseNumber(used) is { } sum && most > 0 && each > 0
            ? new ContainerCpu(sum / unit, (double)most / each) : null;

    private static long? ParseNumber(string text) =>
        long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
