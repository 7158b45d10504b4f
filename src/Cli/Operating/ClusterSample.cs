using Actors.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Actors.Cli.Operating;

/// <summary>The figures of a cluster at one time, for <c>top</c>. Immutable.</summary>
/// <param name="At">The time since the first sample.</param>
/// <param name="Nodes">The worker nodes.</param>
/// <param name="Pools">The pools, with the rates since the previous sample.</param>
/// <param name="Problems">The coordinators that do not answer, and why.</param>
internal sealed record ClusterSample(
    TimeSpan At, IReadOnlyList<NodeRow> Nodes, IReadOnlyList<ClusterSample.PoolRate> Pools, IReadOnlyList<string> Problems)
{
    private static readonly string[] PoolColumns =
        ["pool", "durable", "workers", "waiting", "held", "succeeded", "failed", "jobs/s"];

    /// <summary>The number of ended jobs per second.</summary>
    public double JobsPerSecond => Pools.Sum(pool => pool.JobsPerSecond);

    /// <summary>Creates a sample from the answers of the coordinators.</summary>
    /// <param name="previous">The previous sample; null for the first.</param>
    /// <param name="at">The time since the first sample.</param>
    /// <param name="nodes">The worker nodes.</param>
    /// <param name="pools">The pools.</param>
    /// <param name="problems">The coordinators that do not answer.</param>
    public static ClusterSample CreateNext(
        ClusterSample? previous, TimeSpan at, IReadOnlyList<NodeRow> nodes, IEnumerable<PoolRow> pools, IReadOnlyList<string> problems)
    {
        var before = previous?.Pools.ToDictionary(pool => pool.Pool.Name, pool => pool.Pool.Ended) ?? [];
        var seconds = (at - (previous?.At ?? TimeSpan.Zero)).TotalSeconds;
        return new ClusterSample(at, nodes, [.. pools.Select(pool => new PoolRate(pool, ComputeRate(pool)))], problems);

        // A pool that moved to another coordinator counts from 0 again.
        double ComputeRate(PoolRow pool) => seconds > 0 && before.TryGetValue(pool.Name, out var ended)
            ? Math.Max(0, pool.Ended - ended) / seconds
            : 0;
    }

    /// <summary>Creates the view of a sample.</summary>
    public static IRenderable CreateView(ClusterSample sample)
    {
        var (workers, slots) = (sample.Nodes.Sum(node => node.Workers), sample.Nodes.Sum(node => node.AtMost));
        var total = FormattableString.Invariant(
            $"nodes: {sample.Nodes.Count}, workers in use: {workers} of {slots}, jobs/s: {sample.JobsPerSecond:0.0}");
        return new Rows(
        [
            new Text(total),
            Tables.CreateTable(PoolColumns, sample.Pools.Select(pool => PoolRow.FormatCells(pool.Pool)
                .Append(FormattableString.Invariant($"{pool.JobsPerSecond:0.0}")))),
            NodeRow.CreateTable(sample.Nodes),
            .. sample.Problems.Select(problem => new Text(problem, new Style(Color.Red))),
        ]);
    }

    /// <summary>A pool and its rate.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="JobsPerSecond">The number of its jobs that ended per second since the previous sample.</param>
    internal sealed record PoolRate(PoolRow Pool, double JobsPerSecond);
}
