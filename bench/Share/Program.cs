// Runs jobs that read one large model: shared once with the pool, and passed with each job. Measures the time of a job, and the bytes that
// all programs sent over the loopback network meanwhile. On this machine, and on a cluster of one node.

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Actors;
using Common;
using Share;
using Spectre.Console;

var size = new Option<int>("--mebibytes") { Description = "The size of the model in MiB.", DefaultValueFactory = _ => 100 };
var shared = new Option<int>("--jobs") { Description = "The number of jobs that share the model.", DefaultValueFactory = _ => 1000 };
var passed = new Option<int>("--passed-jobs")
{
    Description = "The number of jobs that get the model as an argument.",
    DefaultValueFactory = _ => 20,
};
var command = new RootCommand("Compares a shared value with an argument.") { size, shared, passed };
command.SetAction((parsed, _) => RunAsync(parsed.GetValue(size), parsed.GetValue(shared), parsed.GetValue(passed)));
return await command.Parse(args).InvokeAsync();

static async Task RunAsync(int mebibytes, int sharedJobs, int passedJobs)
{
    var model = Model.Create(mebibytes);
    var table = new Table().AddColumns("", "jobs", "s", "ms per job", "MiB over the network", "MiB per job");
    await using (var pool = await ProcessPool.StartAsync(2))
        await MeasureAsync("this machine", pool, model, sharedJobs, passedJobs, table);
    var port = FreePort.Find();
    using var cluster = new LocalCluster(port, nodes: 1, processes: 2);
    await using (var pool = await ProcessPool.StartAsync(2, $"127.0.0.1:{port}"))
        await MeasureAsync("cluster", pool, model, sharedJobs, passedJobs, table);
    AnsiConsole.Profile.Width = 120;
    AnsiConsole.Write(table);
}

static async Task MeasureAsync(string where, ProcessPool pool, Model model, int sharedJobs, int passedJobs, Table table)
{
    await pool.MapAsync(key => key, Enumerable.Range(0, 100));
    await AddRowAsync($"{where}, shared", sharedJobs, table, async () =>
    {
        await using var value = await pool.ShareAsync(model);
        Check(await pool.MapAsync(key => value.Value.Score(key), Enumerable.Range(0, sharedJobs), chunkSize: 1), model);
    });
    // One after the other for each worker: otherwise every argument would be encoded in advance.
    await AddRowAsync($"{where}, passed", passedJobs, table, async () =>
    {
        for (var key = 0; key < passedJobs; key += 2)
        {
            var scores = await Task.WhenAll(pool.ApplyAsync(Score, model, key).Task, pool.ApplyAsync(Score, model, key + 1).Task);
            if (scores[0] != model.Score(key) || scores[1] != model.Score(key + 1))
                throw new InvalidOperationException("A score is wrong.");
        }
    });
}

static async Task AddRowAsync(string name, int jobs, Table table, Func<Task> run)
{
    var (sent, clock) = (ReadSentBytes(), Stopwatch.StartNew());
    await run();
    var (time, mebibytes) = (clock.Elapsed, (ReadSentBytes() - sent) / 1048576.0);
    table.AddRow(
        name, $"{jobs:N0}", $"{time.TotalSeconds:0.00}", $"{time.TotalMilliseconds / jobs:0.00}", $"{mebibytes:N1}",
        $"{mebibytes / jobs:N3}");
}

static double Score(Model model, int key) => model.Score(key);

static void Check(double[] scores, Model model)
{
    for (var key = 0; key < scores.Length; key++)
    {
        if (scores[key] != model.Score(key))
            throw new InvalidOperationException($"Score {key} is wrong.");
    }
}

static long ReadSentBytes() =>
    long.Parse(File.ReadAllText("/sys/class/net/lo/statistics/tx_bytes"), CultureInfo.InvariantCulture);
