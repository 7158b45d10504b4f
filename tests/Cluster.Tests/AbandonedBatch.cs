namespace Actors.Cluster.Tests;

/// <summary>
/// A batch of jobs in a durable pool whose client is killed. It has two halves, each of which starts when the test allows it. The clients
/// run this assembly as a program (<see cref="EndlessClient"/>), because another program would be another build, which may not use the
/// pool.
/// </summary>
internal sealed class AbandonedBatch : IDisposable
{
    /// <summary>The prefix of the line for each accepted job.</summary>
    public const string Accepted = "accepted ";

    /// <summary>The prefix of the line for each result.</summary>
    public const string Result = "result ";

    /// <summary>The number of jobs that wait: one in each worker.</summary>
    public const int Gates = 2;

    /// <summary>The number of jobs in a half that record themselves.</summary>
    public const int Records = 100;

    private const int Half = Gates + Records;

    /// <summary>The number of all jobs.</summary>
    public const int Count = 2 * Half;

    private static readonly PoolOptions Durable = new() { DurableName = "pool" };

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("abandoned-");

    public AbandonedBatch()
    {
        for (var half = 0; half < 2; half++)
            Directory.CreateDirectory(Gate(Path, half));
        Directory.CreateDirectory(RecordsIn(Path));
    }

    /// <summary>The directory that the clients share with the test.</summary>
    public string Path => _directory.FullName;

    /// <summary>Submits the batch, prints the ids of accepted jobs, and keeps running.</summary>
    public static async Task SubmitAsync(string address, string directory)
    {
        await using var pool = await ProcessPool.StartAsync(connect: address, options: Durable);
        var jobs = Enumerable.Range(0, Count).Select(index => index % Half < Gates
            ? (JobHandle)pool.ApplyAsync(Functions.AwaitWord, Gate(directory, index / Half), index)
            : pool.ApplyAsync(Functions.Record, RecordsIn(directory), index)).ToList();
        // Jobs are accepted in order.
        await jobs[^1].Accepted;

        foreach (var id in jobs.Select(job => job.Id))
            Console.WriteLine($"{Accepted}{id}");
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Prints the outcomes of the jobs with these ids.</summary>
    public static async Task AttachAsync(string address, IReadOnlyList<long> ids)
    {
        await using var pool = await ProcessPool.StartAsync(connect: address, options: Durable);
        for (var index = 0; index < ids.Count; index++)
        {
            var result = index % Half < Gates ? await pool.Attach<int>(ids[index]) : await pool.Attach<long>(ids[index]);
            Console.WriteLine($"{Result}{ids[index]} {result}");
        }
    }

    /// <summary>Gets the result of the job's function.</summary>
    public static long ResultOf(int index) => index % Half < Gates ? index : Functions.Mixed(index);

    /// <summary>Gets the jobs that record themselves.</summary>
    public static IEnumerable<int> Recording(int half) => Enumerable.Range(half * Half + Gates, Records);

    /// <summary>Whether every worker waits at the start of this half.</summary>
    public bool Stands(int half) => Directory.GetFiles(Gate(Path, half), "began-*").Length == Gates;

    /// <summary>Lets the jobs of this half continue.</summary>
    public void Open(int half) => File.WriteAllText(System.IO.Path.Combine(Gate(Path, half), "go"), "");

    /// <summary>Gets the jobs that have recorded themselves.</summary>
    public IReadOnlySet<int> Recorded() => Directory.GetFiles(RecordsIn(Path)).SelectMany(File.ReadLines).Select(int.Parse).ToHashSet();

    /// <inheritdoc/>
    public void Dispose() => _directory.Delete(recursive: true);

    private static string Gate(string directory, int half) => System.IO.Path.Combine(directory, $"half-{half}");

    private static string RecordsIn(string directory) => System.IO.Path.Combine(directory, "records");
}
