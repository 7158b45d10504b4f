using System.Globalization;
using Actors.Messages.Chaos;

namespace Actors.Chaos.Injection;

/// <summary>Describes the settings of faults for the report.</summary>
internal static class FaultDescription
{
    /// <summary>Describes the settings of a fault, with a comma before them; empty for a fault without settings.</summary>
    public static string DescribeSettings(ChaosFault fault) => fault.Kind switch
    {
        ChaosFaultKind.Partition => $", {DescribeDirection(fault)} {DescribePeers(fault)}, {DescribeMessages(fault)}",
        ChaosFaultKind.SlowDisk => string.Create(
            CultureInfo.InvariantCulture, $", requests delayed by {fault.DelayMilliseconds} ms, {fault.FailurePercent} % of writes fail"),
        _ => "",
    };

    private static string DescribeDirection(ChaosFault fault) => fault.Direction switch
    {
        ChaosDirection.Inbound => "without messages from",
        ChaosDirection.Outbound => "without messages to",
        _ => "separated from",
    };

    private static string DescribePeers(ChaosFault fault) => fault switch
    {
        { PeerAddresses.IsEmpty: false } => string.Join(", ", fault.PeerAddresses),
        { Peers: ChaosPeers.All } => "all",
        _ => "all " + fault.Peers.ToString().ToLowerInvariant(),
    };

    private static string DescribeMessages(ChaosFault fault)
    {
        var fate = fault.DiscardsMessages ? "messages discarded" : "messages held";
        return fault.FlapMilliseconds == 0
            ? fate
            : string.Create(CultureInfo.InvariantCulture, $"{fate}, flapping every {fault.FlapMilliseconds / 1000.0:0.#} s");
    }
}
