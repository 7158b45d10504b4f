// Two worker nodes, a coordinator and this program, each a process, with TLS between them: how many single jobs a second go through, and how long one call takes
// against the least that Akka.Remote needs for a question and its answer.

using System.CommandLine;
using System.Diagnostics;
using Actors;
using Akka.Actor;
using Cluster;
using Common;
using Spectre.Console;

if (args is ["echo", var directory, var listening])
{
    BareAsk.Serve(directory, int.Parse(listening, System.Globalization.CultureInfo.InvariantCulture));
    return 0;
}

var rounds = new Option<int>("--rounds") { Description = "How often all is measured.", DefaultValueFactory = _ => 5 };
var jobs = new Option<int>("--jobs") { Description = "How many single jobs are run in a round.", DefaultValueFactory = _ => 500_000 };
var calls = new Option<int>("--calls") { Description = "How many calls, one after the other, in a round.", DefaultValueFactory = _ => 5_000 };
var nodes = new Option<int>("--nodes") { Description = "How many worker nodes, with one executor each.", DefaultValueFactory = _ => 2 };
var plain = new Option<bool>("--plain") { Description = "Without TLS." };
var command = new RootCommand("Single jobs through two worker nodes with TLS, and one call against a bare ask.") { rounds, jobs, calls, nodes, plain };
command.SetAction((parsed, _) => RunAsync(
    parsed.GetValue(rounds), parsed.GetValue(jobs), parsed.GetValue(calls), parsed.GetValue(nodes), !parsed.GetValue(plain)));
return await command.Parse(args).InvokeAsync();

static async Task RunAsync(int rounds, int jobs, int calls, int nodes, bool isEncrypted)
{
    using var certificates = new Certificates();
    if (isEncrypted)
        Environment.SetEnvironmentVariable("ACTORS_TLS_DIRECTORY", certificates.Shared);
    var port = FreePort.Find();
    using var cluster = new LocalCluster(port, nodes, processes: 1);
    using var bare = new BareAsk(certificates.Shared, FreePort.Find());
    var echo = await bare.FindAsync();
    await using var pool = await ProcessPool.StartAsync(nodes, $"127.0.0.1:{port}");
    // Until what is called often has been compiled for it, in all five programs: before that their compilers have a third of two cores.
    await CallAsync();
    for (var warming = 0; warming < 6; warming++)
        await RateAsync(pool, jobs);
    var (rates, ratios) = (new List<double>(), new List<double>());
    var table = new Table().AddColumns("round", "jobs/s", "call, median µs", "bare ask, median µs", "ratio");
    for (var round = 0; round < rounds; round++)
    {
        var (call, ask) = await CallAsync();
        var rate = await RateAsync(pool, jobs);
        rates.Add(rate);
        ratios.Add(call / ask);
        table.AddRow($"{round + 1}", $"{rate:N0}", $"{call:0}", $"{ask:0}", $"{call / ask:0.00}");
    }

    table.AddEmptyRow().AddRow("median", $"{Median(rates):N0}", "", "", $"{Median(ratios):0.00}");
    AnsiConsole.Write(table);
    await pool.CompleteAsync();

    Task<(double Call, double Ask)> CallAsync() => MediansAsync(calls, async number => await pool.ApplyAsync(Same, number), number => echo.Ask<int>(number));
}

// Single jobs, submitted one by one, until the last result is here.
static async Task<double> RateAsync(ProcessPool pool, int jobs)
{
    var watch = Stopwatch.StartNew();
    var handles = new JobHandle<int>[jobs];
    for (var i = 0; i < jobs; i++)
        handles[i] = pool.ApplyAsync(Same, i);
    for (var i = 0; i < jobs; i++)
    {
        if (await handles[i] != i)
            throw new InvalidOperationException($"Job {i} gave something else.");
    }

    return jobs / watch.Elapsed.TotalSeconds;
}

// One after the other, a few of these and a few of those: whatever else the machine does meets both.
static async Task<(double First, double Second)> MediansAsync(int calls, Func<int, Task<int>> first, Func<int, Task<int>> second)
{
    const int Few = 50;
    var (ofFirst, ofSecond) = (new List<double>(calls), new List<double>(calls));
    while (ofFirst.Count < calls)
    {
        await TimeAsync(Few, first, ofFirst);
        await TimeAsync(Few, second, ofSecond);
    }

    return (Median(ofFirst), Median(ofSecond));
}

static async Task TimeAsync(int calls, Func<int, Task<int>> call, List<double> times)
{
    for (var i = 0; i < calls; i++)
    {
        var began = Stopwatch.GetTimestamp();
        if (await call(i) != i)
            throw new InvalidOperationException($"Call {i} gave something else.");
        times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
    }
}

static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

static int Same(int number) => number;
