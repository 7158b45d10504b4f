// Measures the cost of durability and the time of recovery: single jobs in a pool of two workers with and without a store, and items in
// queues.

using System.CommandLine;
using System.Diagnostics;
using Actors;
using Spectre.Console;

var jobs = new Option<int>("--jobs")
{
    Description = "The number of single jobs that run, and of waiting jobs when the store is loaded.",
    DefaultValueFactory = _ => 1_000_000,
};
var items = new Option<int>("--items") { Description = "The number of items for each queue.", DefaultValueFactory = _ => 200_000 };
var only = new Option<string>("--only")
{
    Description = "Measures only pools or only queues. Default: both.",
    DefaultValueFactory = _ => "",
};
var command = new RootCommand("Compares durable pools and queues with pools and queues in memory.") { jobs, items, only };
command.SetAction(async (parsed, _) =>
{
    if (parsed.GetValue(only) != "queues")
        await RunAsync(parsed.GetValue(jobs));
    using var folder = new Folder();
    if (parsed.GetValue(only) != "pools")
        await Queues.RunAsync(parsed.GetValue(items), folder.Store);
});
return await command.Parse(args).InvokeAsync();

static async Task RunAsync(int jobs)
{
    var table = new Table().AddColumns("", "jobs/s", "of not durable");
    var plain = await RateAsync(jobs, new PoolOptions());
    table.AddRow("not durable", $"{plain:N0}", "");
    using var folder = new Folder();
    var durable = await RateAsync(jobs, new PoolOptions { DurableName = "rate", Store = folder.Store });
    table.AddRow("durable, SQLite", $"{durable:N0}", $"{durable / plain:0.00}");
    AnsiConsole.Write(table);
    await RecoverAsync(jobs, folder);
}

// Submits single jobs one by one and waits for the last result.
static async Task<double> RateAsync(int jobs, PoolOptions options)
{
    await using var pool = await ProcessPool.StartAsync(2, options: options);
    await SubmitAsync(pool, jobs / 10);
    var watch = Stopwatch.StartNew();
    await SubmitAsync(pool, jobs);
    var rate = jobs / watch.Elapsed.TotalSeconds;
    await pool.CompleteAsync();
    return rate;
}

static async Task SubmitAsync(ProcessPool pool, int jobs)
{
    var handles = new JobHandle<int>[jobs];
    for (var i = 0; i < jobs; i++)
        handles[i] = pool.ApplyAsync(Square, i);
    for (var i = 0; i < jobs; i++)
    {
        if (await handles[i] != i * i)
            throw new InvalidOperationException($"Job {i} returned a wrong result.");
    }
}

// Submits jobs to a pool whose only worker is busy, and then loads the pool from its store.
static async Task RecoverAsync(int jobs, Folder folder)
{
    var options = new PoolOptions { DurableName = "recovery", Store = folder.Store, MaxPendingJobs = jobs + 1 };
    var watch = Stopwatch.StartNew();
    await using (var pool = await ProcessPool.StartAsync(1, options: options))
    {
        _ = pool.ApplyAsync(Wait);
        for (var i = 0; i < jobs; i++)
            _ = pool.ApplyAsync(Square, i);
        Console.WriteLine($"submitted {jobs:N0} jobs in {watch.Elapsed.TotalSeconds:0.0} s");
        watch.Restart();
    }

    Console.WriteLine(
        $"wrote all jobs and left the pool in {watch.Elapsed.TotalSeconds:0.0} s more; the store has {folder.Size / (1 << 20):N0} MiB");
    watch.Restart();
    await using var again = await ProcessPool.StartAsync(1, options: options);
    Console.WriteLine($"loaded {jobs + 1:N0} jobs in {watch.Elapsed.TotalSeconds:0.0} s");
}

static void Wait() => Thread.Sleep(Timeout.Infinite);

static int Square(int x) => x * x;

internal sealed class Folder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bench-durable-");

    public SqliteStore Store => new(Path.Combine(_directory.FullName, "jobs.db"));

    public long Size => _directory.EnumerateFiles().Sum(file => file.Length);

    public void Dispose() => _directory.Delete(recursive: true);
}
