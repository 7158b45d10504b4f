namespace Actors.Cluster.Tests;

/// <summary>
/// Jobs of a durable pool whose client is killed: in two halves, each of which stands still at its beginning until the test lets it go on. The clients are this
/// assembly as a program, which <see cref="EndlessClient"/> begins: another program would be another build, of whose jobs the pool knows nothing.
/// </summary>
internal sealed class AbandonedBatch : IDisposable
{
    /// <summary>What the client says of each job that is accepted.</summary>
    public const string Accepted = "accepted ";

    /// <summary>What the next one says of each result.</summary>
    public const string Result = "result ";

    /// <summary>As many jobs as there are executors stand still.</summary>
    public const int Gates = 2;

    /// <summary>How many jobs of a half record themselves.</summary>
    public const int Records = 100;

    private const int Half = Gates + Records;

    /// <summary>All of its jobs.</summary>
    public const int Count = 2 * Half;

    private static readonly PoolOptions Durable = new() { DurableName = "pool" };

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("abandoned-");

    public AbandonedBatch()
    {
        for (var half = 0; half < 2; half++)
            Directory.CreateDirectory(Gate(Path, half));
        Directory.CreateDirectory(RecordsIn(Path));
    }

    /// <summary>What its client is told.</summary>
    public string Path => _directory.FullName;

    /// <summary>Submits it, says which ids are accepted, and stays.</summary>
    public static async Task SubmitAsync(string address, string directory)
    {
        await using var pool = await ProcessPool.StartAsync(connect: address, options: Durable);
        var ids = Enumerable.Range(0, Count).Select(index => index % Half < Gates
            ? pool.ApplyAsync(Functions.AwaitWord, Gate(directory, index / Half), index).Id
            : pool.ApplyAsync(Functions.Record, RecordsIn(directory), index).Id).ToList();

        // What is written comes in order: when the end of the last one is, so is that the others were accepted.
        var last = pool.ApplyAsync(Functions.Square, 0);
        last.Cancel();
        try
        {
            await last;
        }
        catch (JobCancelledException)
        {
            // As it was told.
        }

        foreach (var id in ids)
            Console.WriteLine($"{Accepted}{id}");
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Says what has become of the jobs of these ids.</summary>
    public static async Task AttachAsync(string address, IReadOnlyList<long> ids)
    {
        await using var pool = await ProcessPool.StartAsync(connect: address, options: Durable);
        for (var index = 0; index < ids.Count; index++)
        {
            var result = index % Half < Gates ? await pool.Attach<int>(ids[index]) : await pool.Attach<long>(ids[index]);
            Console.WriteLine($"{Result}{ids[index]} {result}");
        }
    }

    /// <summary>What the job's function returns.</summary>
    public static long ResultOf(int index) => index % Half < Gates ? index : Functions.Mixed(index);

    /// <summary>Which jobs record themselves.</summary>
    public static IEnumerable<int> Recording(int half) => Enumerable.Range(half * Half + Gates, Records);

    /// <summary>Whether every executor stands still at the beginning of this half.</summary>
    public bool Stands(int half) => Directory.GetFiles(Gate(Path, half), "began-*").Length == Gates;

    /// <summary>Lets it go on with this half.</summary>
    public void Open(int half) => File.WriteAllText(System.IO.Path.Combine(Gate(Path, half), "go"), "");

    /// <summary>Which jobs have recorded themselves.</summary>
    public IReadOnlySet<int> Recorded() => Directory.GetFiles(RecordsIn(Path)).SelectMany(File.ReadLines).Select(int.Parse).ToHashSet();

    /// <inheritdoc/>
    public void Dispose() => _directory.Delete(recursive: true);

    private static string Gate(string directory, int half) => System.IO.Path.Combine(directory, $"half-{half}");

    private static string RecordsIn(string directory) => System.IO.Path.Combine(directory, "records");
}
