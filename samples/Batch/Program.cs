// A batch of jobs that survives the death of any process. Each job computes a chain of hashes; this program computes it again and compares.
// Kill any process meanwhile. After a crash, start this program again: it submits all jobs with the same keys, so each one is accepted
// once. Or start it several times at the same time: the programs share the jobs and the results.
using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading.Channels;
using Actors;

var jobs = new Option<int>("--jobs") { Description = "The number of jobs.", DefaultValueFactory = _ => 100_000 };
var rounds = new Option<int>("--rounds")
{
    Description = "The number of hashes in the chain of each job; each takes about 0.4 microseconds.",
    DefaultValueFactory = _ => 20
};
var name = new Option<string>("--name") { Description = "The name of the durable pool.", DefaultValueFactory = _ => "batch" };
var connect = new Option<string?>("--connect")
{
    Description = "HOST:PORT of a coordinator, or of several separated by commas. Default: the jobs run on this machine."
};
var store = new Option<string>("--store")
{
    Description = "The SQLite file of the pool, without --connect.",
    DefaultValueFactory = _ => "batch.db"
};
var command = new RootCommand("Runs a batch of jobs in a durable pool and checks every result.") { jobs, rounds, name, connect, store };
command.SetAction((parsed, cancellationToken) => RunAsync(
    parsed.GetValue(jobs), parsed.GetValue(rounds), parsed.GetValue(connect), new PoolOptions
    {
        DurableName = parsed.GetValue(name),
        Store = parsed.GetValue(connect) is null ? new SqliteStore(parsed.GetValue(store)!) : null,
        ReconnectFor = TimeSpan.FromMinutes(5),
        // The pool retains each result until the whole batch is checked.
        Acknowledgment = ResultAcknowledgment.Explicit,
    }));
return await command.Parse(args).InvokeAsync();

static async Task<int> RunAsync(int jobs, int rounds, string? connect, PoolOptions options)
{
    var watch = Stopwatch.StartNew();
    await using var pool = await ProcessPool.StartAsync(connect: connect, options: options);
    // Checks results while jobs are submitted: submission blocks when too many jobs are pending.
    var handles = Channel.CreateUnbounded<JobHandle<byte[]>>();
    var submitting = Task.Run(() => SubmitJobs(pool, jobs, rounds, handles.Writer));

    var received = new List<JobHandle<byte[]>>(jobs);
    var (right, wrong) = (0, 0);
    await foreach (var handle in handles.Reader.ReadAllAsync())
    {
        received.Add(handle);
        if ((await handle).SequenceEqual(Hash(received.Count, rounds)))
            right++;
        else
            wrong++;
        if (received.Count % 10_000 == 0)
            await Console.Error.WriteLineAsync($"{received.Count} done after {watch.Elapsed.TotalSeconds:0.0} s");
    }

    await submitting;
    foreach (var handle in received)
        handle.Acknowledge();
    await pool.CompleteAsync();
    Console.WriteLine($"{jobs} jobs: {right} right, {wrong} wrong; {watch.Elapsed.TotalSeconds:0.0} s");
    return wrong == 0 ? 0 : 1;
}

static void SubmitJobs(ProcessPool pool, int jobs, int rounds, ChannelWriter<JobHandle<byte[]>> handles)
{
    try
    {
        for (var id = 1; id <= jobs; id++)
            handles.TryWrite(pool.ApplyAsync(Hash, id, rounds, new JobOptions { Key = $"{rounds}-{id}" }));
        handles.Complete();
    }
    catch (Exception exception)
    {
        handles.Complete(exception);
    }
}

// A result that cannot be guessed.
static byte[] Hash(int id, int rounds)
{
    var hash = BitConverter.GetBytes(id);
    for (var i = 0; i < rounds; i++)
        hash = SHA256.HashData(hash);
    return hash;
}
