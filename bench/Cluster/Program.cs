// Measures the rate of single jobs and the duration of one call on a cluster of two worker nodes and a coordinator, all separate
// processes with TLS. The duration of a call is compared with one Ask of Akka.Remote.

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

var rounds = new Option<int>("--rounds") { Description = "The number of rounds.", DefaultValueFactory = _ => 5 };
var jobs = new Option<int>("--jobs") { Description = "The number of single jobs in a round.", DefaultValueFactory = _ => 500_000 };
var calls = new Option<int>("--calls") { Description = "The number of sequential calls in a round.", DefaultValueFactory = _ => 5_000 };
var nodes = new Option<int>("--nodes") { Description = "The number of worker nodes, each with one worker.", DefaultValueFactory = _ => 2 };
var plain = new Option<bool>("--plain") { Description = "Without TLS." };
var command = new RootCommand("Measures single jobs on worker nodes with TLS, and compares one call with one Ask.")
{
    rounds, jobs, calls, nodes, plain,
};
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
    // Warms up until the JIT compiler has optimized the hot methods of all five programs. Before that it takes a third of two cores.
    await CallAsync();
    for (var warming = 0; warming < 6; warming++)
        await RateAsync(pool, jobs);
    var (rates, ratios) = (new List<double>(), new List<double>());
    var table = new Table().AddColumns("round", "jobs/s", "call, median µs", "Ask, median µs", "ratio");
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

    Task<(double Call, double Ask)> CallAsync() => MediansAsync(
        calls, async number => await pool.ApplyAsync(Same, number), number => echo.Ask<int>(number));
}

// Submits single jobs one by one and waits for the last result.
static async Task<double> RateAsync(ProcessPool pool, int jobs)
{
    var watch = Stopwatch.StartNew();
    var handles = new JobHandle<int>[jobs];
    for (var i = 0; i < jobs; i++)
        handles[i] = pool.ApplyAsync(Same, i);
    for (var i = 0; i < jobs; i++)
    {
        if (await handles[i] != i)
            throw new InvalidOperationException($"Job {i} returned a wrong result.");
    }

    return jobs / watch.Elapsed.TotalSeconds;
}

// Alternates between small groups of both calls, so that other load on the machine affects both equally.
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
            throw new InvalidOperationException($"Call {i} returned a wrong result.");
        times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
    }
}

static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

static int Same(int number) => number;
