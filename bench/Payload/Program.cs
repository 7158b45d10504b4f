// Sends a large argument and a large result through a coordinator and a worker node in separate processes. Measures the speed, the peak
// memory of each process, and the duration of concurrent small jobs.

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Actors;
using Common;
using Payload;
using Spectre.Console;

var size = new Option<int>("--mebibytes")
{
    Description = "The size of the argument and of the result in MiB.",
    DefaultValueFactory = _ => 1024,
};
var port = new Option<int>("--port")
{
    Description = "The port of the coordinator. Default: a free port.",
    DefaultValueFactory = _ => FreePort.Find(),
};
var command = new RootCommand("Measures large values on a cluster of one node.") { size, port };
command.SetAction((parsed, _) => RunAsync(parsed.GetValue(size), parsed.GetValue(port)));
return await command.Parse(args).InvokeAsync();

static async Task RunAsync(int mebibytes, int port)
{
    const bool isEncrypted = false;
    using var cluster = new LocalCluster(port, nodes: 1, processes: 2);
    await using var pool = await ProcessPool.StartAsync(2, $"127.0.0.1:{port}");
    await Task.WhenAll(pool.ApplyAsync(Square, 1).Task, pool.ApplyAsync(Square, 2).Task);
    var table = new Table().AddColumns(
        "", "s", "MiB/s", "of raw", "small jobs", "median ms", "longest ms", "coordinator MiB", "node MiB", "workers MiB",
        "this program MiB");
    var raw = await RawStream.MeasureAsync(mebibytes, isEncrypted);
    AddRow("raw stream", mebibytes, raw, new Measured(raw, []), cluster, table);
    var bytes = Values(mebibytes);
    var expected = Hash(bytes);
    AddRow("argument", mebibytes, raw, await MeasureAsync(
        pool, async () => Check(await pool.ApplyAsync(Hash, bytes), expected)), cluster, table);
    AddRow("result", mebibytes, raw, await MeasureAsync(
        pool, async () => Check(Hash(await pool.ApplyAsync(Values, mebibytes)), expected)), cluster, table);
    table.Caption("Memory is the peak resident size since the start of the process (VmHWM).");
    AnsiConsole.Profile.Width = 160;
    AnsiConsole.Write(table);
}

// Runs one large job, and small jobs one after the other until it ends.
static async Task<Measured> MeasureAsync(ProcessPool pool, Func<Task> large)
{
    var watch = Stopwatch.StartNew();
    var running = large();
    var small = new List<double>();
    while (!running.IsCompleted)
    {
        var began = watch.Elapsed;
        await pool.ApplyAsync(Square, 3);
        small.Add((watch.Elapsed - began).TotalMilliseconds);
    }

    await running;
    return new Measured(watch.Elapsed, small);
}

static void AddRow(string name, int mebibytes, TimeSpan raw, Measured measured, LocalCluster cluster, Table table) => table.AddRow(
    name,
    $"{measured.Time.TotalSeconds:0.0}",
    $"{mebibytes / measured.Time.TotalSeconds:0}",
    $"{raw / measured.Time:0.000}",
    $"{measured.Small.Count:N0}",
    measured.Small.Count == 0 ? "" : $"{measured.Small.Order().ElementAt(measured.Small.Count / 2):0.0}",
    measured.Small.Count == 0 ? "" : $"{measured.Small.Max():0}",
    $"{PeakMebibytes(cluster.Coordinator):0}",
    $"{PeakMebibytes(cluster.Nodes[0]):0}",
    string.Join(", ", cluster.Executors().Select(id => $"{PeakMebibytes(id):0}")),
    $"{PeakMebibytes(Environment.ProcessId):0}");

static void Check(string found, string expected)
{
    if (found != expected)
        throw new InvalidOperationException("The received bytes differ from the sent bytes.");
}

static int Square(int x) => x * x;

static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

static byte[] Values(int mebibytes)
{
    var bytes = GC.AllocateUninitializedArray<byte>(mebibytes << 20);
    new Random(1).NextBytes(bytes);
    return bytes;
}

// Reads the peak resident memory of a process.
static double PeakMebibytes(int process)
{
    var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
    return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
}

internal sealed record Measured(TimeSpan Time, List<double> Small);
