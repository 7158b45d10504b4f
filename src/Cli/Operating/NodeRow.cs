using Actors.Cli.Output;
using Actors.Messages.Nodes;
using Spectre.Console.Rendering;

namespace Actors.Cli.Operating;

/// <summary>A worker node in an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Workers">The number of its workers that the pools of the asked coordinator have.</param>
/// <param name="AtMost">The number of workers that it can run.</param>
/// <param name="Has">Its labels and resources.</param>
/// <param name="IsDraining">Whether it is draining.</param>
internal sealed record NodeRow(string Name, int Workers, int AtMost, string Has, bool IsDraining)
{
    private static readonly string[] Columns = ["node", "workers", "at most", "has", "state"];

    /// <summary>Creates the row of a node.</summary>
    public static NodeRow From(NodeInfo node) => new(node.Name, node.Granted, node.Slots, node.Traits, node.IsDraining);

    /// <summary>Creates the rows of all nodes. Each node has workers of the pools of several coordinators.</summary>
    /// <param name="answers">The nodes that each coordinator knows.</param>
    public static IReadOnlyList<NodeRow> MergeAnswers<T>(IEnumerable<T> answers)
        where T : IEnumerable<NodeInfo> =>
    [
        .. answers.SelectMany(nodes => nodes).GroupBy(node => node.Name)
            .Select(same => From(same.First()) with
            {
                Workers = same.Sum(node => node.Granted), IsDraining = same.Any(node => node.IsDraining),
            })
            .OrderBy(node => node.Name, StringComparer.Ordinal),
    ];

    /// <summary>Creates a table of nodes.</summary>
    public static IRenderable CreateTable(IEnumerable<NodeRow> nodes) => Tables.CreateTable(Columns, nodes.Select(node => new[]
    {
        node.Name, $"{node.Workers}", $"{node.AtMost}", node.Has, node.IsDraining ? "draining" : "",
    }));
}
