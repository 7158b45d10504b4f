using System.Text.Json.Serialization;
using Actors.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Actors.Cli.Operating;

/// <summary>The answer of <c>status</c>.</summary>
/// <param name="Coordinators">The coordinators that were asked.</param>
/// <param name="Nodes">The worker nodes.</param>
internal sealed record ClusterStatus(IReadOnlyList<CoordinatorRow> Coordinators, IReadOnlyList<NodeRow> Nodes)
{
    private static readonly string[] Columns = ["coordinator", "state", "version", "problem"];

    /// <summary>The number of workers that pools of these coordinators have.</summary>
    public int Workers => Nodes.Sum(node => node.Workers);

    /// <summary>The number of workers that the nodes can run. Nodes that drain start none.</summary>
    public int Slots => Nodes.Where(node => !node.IsDraining).Sum(node => node.AtMost);

    /// <summary>The exit code: success if each coordinator answers.</summary>
    [JsonIgnore]
    public int ExitCode => Coordinators.All(coordinator => coordinator.IsReachable) ? Programs.ExitCode.Success
        : Coordinators.Any(coordinator => coordinator.IsReachable) ? Programs.ExitCode.Failure
        : Programs.ExitCode.Unreachable;

    /// <summary>Creates the view of a status.</summary>
    public static IRenderable CreateView(ClusterStatus status) => new Rows(
        Tables.CreateTable(Columns, status.Coordinators.Select(coordinator => new[]
        {
            coordinator.Address, coordinator.IsReachable ? "answers" : "does not answer", $"{coordinator.Version}",
            coordinator.Problem ?? "",
        })),
        NodeRow.CreateTable(status.Nodes),
        new Text($"workers in use: {status.Workers} of {status.Slots}"));
}
