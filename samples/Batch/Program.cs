// A batch that outlives everything that runs it: each job is a chain of hashes, which is computed again here and compared. Kill what you like meanwhile.
// Run again after a crash of its own it goes on with the same pool: what was submitted is waited for, what was not is submitted.
using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using Actors;

var jobs = new Option<int>("--jobs") { Description = "How many jobs.", DefaultValueFactory = _ => 100_000 };
var name = new Option<string>("--name") { Description = "The durable pool's name.", DefaultValueFactory = _ => "batch" };
var connect = new Option<string?>("--connect") { Description = "HOST:PORT of a coordinator, or of several with commas between; by default processes of this machine." };
var store = new Option<string>("--store") { Description = "Without --connect: the SQLite file.", DefaultValueFactory = _ => "batch.db" };
var command = new RootCommand("Runs a batch of jobs in a durable pool and checks every result.") { jobs, name, connect, store };
command.SetAction((parsed, cancellationToken) => RunAsync(
    parsed.GetValue(jobs), parsed.GetValue(connect), new PoolOptions
    {
        DurableName = parsed.GetValue(name),
        Store = parsed.GetValue(connect) is null ? new SqliteStore(parsed.GetValue(store)!) : null,
        ReconnectFor = TimeSpan.FromMinutes(5),
    }));
return await command.Parse(args).InvokeAsync();

static async Task<int> RunAsync(int jobs, string? connect, PoolOptions options)
{
    var watch = Stopwatch.StartNew();
    await using var pool = await ProcessPool.StartAsync(connect: connect, options: options);
    var before = (int)Math.Min(pool.LastJobId, jobs);
    var handles = new List<JobHandle<byte[]>>(jobs);
    for (var id = 1; id <= before; id++)
        handles.Add(pool.Attach<byte[]>(id));
    for (var id = before + 1; id <= jobs; id++)
        handles.Add(pool.ApplyAsync(Hash, id));
    await Console.Error.WriteLineAsync($"{before} jobs were there, {jobs - before} are submitted");

    var (right, wrong, fetched) = (0, 0, 0);
    for (var i = 0; i < jobs; i++)
    {
        try
        {
            if ((await handles[i]).SequenceEqual(Hash(i + 1)))
                right++;
            else
                wrong++;
        }
        catch (JobNotFoundException)
        {
            // Whoever ran this before got its result.
            fetched++;
        }

        if (i % 10_000 == 9_999)
            await Console.Error.WriteLineAsync($"{i + 1} done after {watch.Elapsed.TotalSeconds:0.0} s");
    }

    await pool.CompleteAsync();
    Console.WriteLine($"{jobs} jobs: {right} right, {wrong} wrong, {fetched} fetched before; {watch.Elapsed.TotalSeconds:0.0} s");
    return wrong == 0 ? 0 : 1;
}

// A few microseconds of work, whose result nobody guesses.
static byte[] Hash(int id)
{
    var hash = BitConverter.GetBytes(id);
    for (var i = 0; i < 20; i++)
        hash = SHA256.HashData(hash);
    return hash;
}
