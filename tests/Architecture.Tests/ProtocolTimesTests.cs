using System.Text.RegularExpressions;
using Actors.Messages;

namespace Actors.Architecture.Tests;

/// <summary>The relations between the times on which several programs must agree.</summary>
public sealed partial class ProtocolTimesTests
{
    /// <summary>The number of heartbeats that may be lost or late before a lease ends.</summary>
    private const int SpareHeartbeats = 4;

    /// <summary>A node must kill its workers before the coordinator runs their jobs elsewhere.</summary>
    [Fact]
    public void CoordinatorLease_IsShorterThanTheNodeLeaseByAHeartbeat() =>
        Assert.True(ProtocolTimes.CoordinatorLease + ProtocolTimes.NodeHeartbeat < ProtocolTimes.NodeLease);

    [Fact]
    public void Leases_OutlastSeveralHeartbeats()
    {
        Assert.True(ProtocolTimes.CoordinatorLease > SpareHeartbeats * ProtocolTimes.NodeHeartbeat);
        Assert.True(ProtocolTimes.CallerLease > SpareHeartbeats * ProtocolTimes.CallerHeartbeat);
    }

    /// <summary>A call that is repeated must find its first execution, or it would be executed twice.</summary>
    [Fact]
    public void CallerMemory_OutlastsTheRepetitionOfCalls() =>
        Assert.True(ProtocolTimes.CallerMemory > ProtocolTimes.CallPatience + ProtocolTimes.CallerLease);

    /// <summary>A lost message must be repaired before a lease ends.</summary>
    [Fact]
    public void LongestComparison_IsWithinTheCallerLease()
    {
        Assert.True(ProtocolTimes.ShortestComparison < ProtocolTimes.LongestComparison);
        Assert.True(ProtocolTimes.LongestComparison < ProtocolTimes.CallerLease);
    }

    /// <summary>A node must learn that its code is being copied before it gives up.</summary>
    [Fact]
    public void CodeAnswer_OutlastsTwoProgressReports() => Assert.True(ProtocolTimes.CodeAnswer > 2 * ProtocolTimes.CodeProgress);

    [Fact]
    public void NameTimes_EachOuterWaitIsLonger()
    {
        Assert.True(ProtocolTimes.NameAnswer < ProtocolTimes.NameSearch);
        Assert.True(ProtocolTimes.NameSearch < ProtocolTimes.NamePatience);
    }

    /// <summary>A coordinator that is only slow must not be removed by its peers: its heartbeats are far shorter than the pause.</summary>
    [Fact]
    public void MembershipHeartbeats_SeveralAreWithinTheAcceptablePause()
    {
        var config = File.ReadAllText(Path.Combine(Repository.Root, "config", "coordinator.conf"));
        var heartbeat = ReadMilliseconds(config, "heartbeat-interval");

        Assert.True(ReadMilliseconds(config, "acceptable-heartbeat-pause") >= 3 * heartbeat);
        Assert.True(heartbeat < ProtocolTimes.CoordinatorLease.TotalMilliseconds);
    }

    private static double ReadMilliseconds(string config, string key)
    {
        var match = Setting().Matches(config).Single(found => found.Groups["key"].Value == key);
        var value = double.Parse(match.Groups["value"].Value, System.Globalization.CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value == "ms" ? value : value * 1000;
    }

    [GeneratedRegex(@"(?<key>[a-z-]+) = (?<value>\d+)(?<unit>ms|s)\b")]
    private static partial Regex Setting();
}
