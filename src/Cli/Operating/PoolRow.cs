using System.Globalization;
using Actors.Cli.Output;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Spectre.Console.Rendering;

namespace Actors.Cli.Operating;

/// <summary>A pool in an answer. The builds of a durable pool are one row.</summary>
/// <param name="Name">Its name, or its id if it has none.</param>
/// <param name="IsDurable">Whether it is durable.</param>
/// <param name="Workers">The number of its workers.</param>
/// <param name="Requested">The requested number of workers; 0 for every slot of the cluster.</param>
/// <param name="Waiting">The number of jobs that wait for a worker.</param>
/// <param name="Held">The number of jobs that workers hold.</param>
/// <param name="Succeeded">The number of jobs that returned since the pool was loaded.</param>
/// <param name="Failed">The number of jobs that ended otherwise.</param>
internal sealed record PoolRow(
    string Name, bool IsDurable, int Workers, int Requested, int Waiting, int Held, long Succeeded, long Failed)
{
    private static readonly string[] Columns = ["pool", "durable", "workers", "waiting", "held", "succeeded", "failed"];

    /// <summary>The number of ended jobs.</summary>
    public long Ended => Succeeded + Failed;

    /// <summary>Creates the rows of all pools, sorted by name.</summary>
    public static IReadOnlyList<PoolRow> FromPools(IEnumerable<PoolInfo> pools) =>
    [
        .. pools.GroupBy(pool => pool.Name.Length > 0 ? pool.Name : $"{pool.Id}")
            .Select(same => new PoolRow(
                same.Key, same.First().IsDurable, same.Sum(pool => pool.Workers), same.Max(pool => pool.Requested),
                same.Sum(pool => pool.Waiting), same.Sum(pool => pool.Held), same.Sum(CountSucceeded),
                same.Sum(pool => pool.Ended.Sum() - CountSucceeded(pool))))
            .OrderBy(pool => pool.Name, StringComparer.Ordinal),
    ];

    /// <summary>Creates a table of pools.</summary>
    public static IRenderable CreateTable(IEnumerable<PoolRow> pools) => Tables.CreateTable(Columns, pools.Select(FormatCells));

    /// <summary>Formats the cells of the table.</summary>
    public static string[] FormatCells(PoolRow pool) =>
    [
        pool.Name, pool.IsDurable ? "yes" : "", pool.Requested == 0 ? $"{pool.Workers}" : $"{pool.Workers} of {pool.Requested}",
        $"{pool.Waiting}", $"{pool.Held}", pool.Succeeded.ToString(CultureInfo.InvariantCulture),
        pool.Failed.ToString(CultureInfo.InvariantCulture),
    ];

    private static long CountSucceeded(PoolInfo pool) => pool.Ended.ElementAtOrDefault((int)JobStatus.Succeeded);
}
