using System.Collections.Immutable;
using System.Globalization;

namespace Actors.Pools;

/// <summary>
/// The id of a map in a durable pool: the number of its items, the size of its chunks, and the ids of their jobs. As text
/// <c>map:ITEMS/SIZE:FIRST-LAST,…</c>, where chunks with successive ids are one range.
/// </summary>
/// <param name="Items">The number of items.</param>
/// <param name="ChunkSize">The number of items of a full chunk.</param>
/// <param name="Jobs">The ids of the chunks' jobs, in the order of their items.</param>
internal sealed record MapId(int Items, int ChunkSize, ImmutableArray<long> Jobs)
{
    private const string Prefix = "map:";

    /// <summary>The first item and the number of items of each chunk, and the id of its job.</summary>
    public IEnumerable<(int Start, int Count, long Job)> Chunks =>
        Jobs.Select((job, index) => (index * ChunkSize, Math.Min(ChunkSize, Items - (index * ChunkSize)), job));

    /// <summary>Reads an id.</summary>
    /// <exception cref="ArgumentException">The text is no such id.</exception>
    public static MapId Parse(string id)
    {
        if (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw new ArgumentException(
                $"Cannot attach to map '{id}': this is the id of a single job. Use {nameof(ProcessPool.Attach)}<T>({id}), or the "
                + $"{nameof(MapHandle<>)}.{nameof(MapHandle<>.Id)} of the map.", nameof(id));
        }

        return TryParse(id) ?? throw new ArgumentException(
            $"Cannot attach to map '{(id.Length > 100 ? id[..100] + "…" : id)}': this is no id of a map. Use the whole "
            + $"{nameof(MapHandle<>)}.{nameof(MapHandle<>.Id)}.", nameof(id));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var ranges = new List<(long First, long Last)>();
        foreach (var job in Jobs)
        {
            if (ranges.Count > 0 && ranges[^1].Last + 1 == job)
                ranges[^1] = (ranges[^1].First, job);
            else
                ranges.Add((job, job));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Items}/{ChunkSize}:{string.Join(',', ranges.Select(FormatRange))}");
    }

    private static string FormatRange((long First, long Last) range) => range.First == range.Last
        ? range.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}");

    private static MapId? TryParse(string id)
    {
        if (!id.StartsWith(Prefix, StringComparison.Ordinal) || id[Prefix.Length..].Split(':') is not [var size, var ranges]
            || size.Split('/') is not [var items, var chunk] || !TryRead(items, out var itemCount) || !TryRead(chunk, out var chunkSize)
            || itemCount > Array.MaxLength || chunkSize is 0 or > int.MaxValue)
            return null;
        var missing = (itemCount + chunkSize - 1) / chunkSize;
        var jobs = ImmutableArray.CreateBuilder<long>();
        foreach (var range in ranges.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (TryReadRange(range) is not var (first, last) || last - first >= missing)
                return null;
            missing -= last - first + 1;
            for (var job = first; job <= last; job++)
                jobs.Add(job);
        }

        return missing == 0 ? new MapId((int)itemCount, (int)chunkSize, jobs.DrainToImmutable()) : null;
    }

    private static (long First, long Last)? TryReadRange(string range) => range.Split('-') switch
    {
        [var only] when TryRead(only, out var job) && job > 0 => (job, job),
        [var first, var last] when TryRead(first, out var from) && TryRead(last, out var to) && from > 0 && from < to => (from, to),
        _ => null,
    };

    private static bool TryRead(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < long.MaxValue;
}
