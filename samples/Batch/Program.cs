// A batch that outlives everything that runs it: each job is a chain of hashes, which is computed again here and compared. Kill what you like meanwhile.
// Run again after a crash of its own it goes on with the same pool: what was submitted is waited for, what was not is submitted.
using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading.Channels;
using Actors;

var jobs = new Option<int>("--jobs") { Description = "How many jobs.", DefaultValueFactory = _ => 100_000 };
var rounds = new Option<int>("--rounds") { Description = "How long the chain of each job is: about 0.4 microseconds for each link.", DefaultValueFactory = _ => 20 };
var name = new Option<string>("--name") { Description = "The durable pool's name.", DefaultValueFactory = _ => "batch" };
var connect = new Option<string?>("--connect") { Description = "HOST:PORT of a coordinator, or of several with commas between; by default processes of this machine." };
var store = new Option<string>("--store") { Description = "Without --connect: the SQLite file.", DefaultValueFactory = _ => "batch.db" };
var command = new RootCommand("Runs a batch of jobs in a durable pool and checks every result.") { jobs, rounds, name, connect, store };
command.SetAction((parsed, cancellationToken) => RunAsync(
    parsed.GetValue(jobs), parsed.GetValue(rounds), parsed.GetValue(connect), new PoolOptions
    {
        DurableName = parsed.GetValue(name),
        Store = parsed.GetValue(connect) is null ? new SqliteStore(parsed.GetValue(store)!) : null,
        ReconnectFor = TimeSpan.FromMinutes(5),
    }));
return await command.Parse(args).InvokeAsync();

static async Task<int> RunAsync(int jobs, int rounds, string? connect, PoolOptions options)
{
    var watch = Stopwatch.StartNew();
    await using var pool = await ProcessPool.StartAsync(connect: connect, options: options);
    var before = (int)Math.Min(pool.LastJobId, jobs);
    // Results are checked while jobs are submitted, which waits when too many are outstanding.
    var handles = Channel.CreateUnbounded<JobHandle<byte[]>>();
    var submitting = Task.Run(() => Submit(pool, jobs, rounds, handles.Writer));

    var (right, wrong, fetched) = (0, 0, 0);
    for (var id = 1; id <= jobs; id++)
    {
        var handle = await handles.Reader.ReadAsync();
        try
        {
            if ((await handle).SequenceEqual(Hash(id, rounds)))
                right++;
            else
                wrong++;
        }
        catch (JobNotFoundException)
        {
            // Whoever ran this before got its result.
            fetched++;
        }

        if (id % 10_000 == 0)
            await Console.Error.WriteLineAsync($"{id} done after {watch.Elapsed.TotalSeconds:0.0} s");
    }

    await submitting;
    await pool.CompleteAsync();
    Console.WriteLine($"{jobs} jobs: {right} right, {wrong} wrong, {fetched} fetched before; {watch.Elapsed.TotalSeconds:0.0} s");
    return wrong == 0 ? 0 : 1;
}

static void Submit(ProcessPool pool, int jobs, int rounds, ChannelWriter<JobHandle<byte[]>> handles)
{
    var before = (int)Math.Min(pool.LastJobId, jobs);
    Console.Error.WriteLine($"{before} jobs are there already");
    try
    {
        for (var id = 1; id <= before; id++)
            handles.TryWrite(pool.Attach<byte[]>(id));
        for (var id = before + 1; id <= jobs; id++)
            handles.TryWrite(pool.ApplyAsync(Hash, id, rounds));
        handles.Complete();
    }
    catch (Exception exception)
    {
        handles.Complete(exception);
    }
}

// Work whose result nobody guesses.
static byte[] Hash(int id, int rounds)
{
    var hash = BitConverter.GetBytes(id);
    for (var i = 0; i < rounds; i++)
        hash = SHA256.HashData(hash);
    return hash;
}
