// Sends large values, and groups of smaller ones, through a coordinator and a worker node in separate processes, with and without TLS.
// Measures the speed, the peak memory of each process, and the duration of concurrent small jobs.

using System.CommandLine;
using Common;
using Payload;

var size = new Option<int>("--mebibytes")
{
    Description = "The size of the large argument and of the large result in MiB.",
    DefaultValueFactory = _ => 1024,
};
var rounds = new Option<int>("--rounds")
{
    Description = "The number of rounds of each row. The table has the medians.",
    DefaultValueFactory = _ => 3,
};
var isLargeOnly = new Option<bool>("--large-only")
{
    Description = "Measures the large argument and the large result only.",
};
var isPlainOnly = new Option<bool>("--plain-only")
{
    Description = "Measures connections without TLS only.",
};
var command = new RootCommand("Measures large values on a cluster of one node.") { size, rounds, isLargeOnly, isPlainOnly };
command.SetAction((parsed, _) => RunAsync(
    parsed.GetValue(size), parsed.GetValue(rounds), parsed.GetValue(isLargeOnly), parsed.GetValue(isPlainOnly)));
return await command.Parse(args).InvokeAsync();

static async Task RunAsync(int mebibytes, int rounds, bool isLargeOnly, bool isPlainOnly)
{
    using var certificates = new Certificates();
    var table = new ResultTable();
    foreach (var directory in isPlainOnly ? (string?[])[null] : [null, certificates.Shared])
    {
        Environment.SetEnvironmentVariable("ACTORS_TLS_DIRECTORY", directory);
        await using var run = await PayloadRun.StartAsync(isEncrypted: directory is not null, rounds);
        await run.MeasureLargeValuesAsync(mebibytes, table);
        if (isLargeOnly)
            continue;
        await run.MeasureGroupAsync("40 arguments of 500 KB", 40, Values.GetBytes(500_000), Values.CountBytes, table);
        await run.MeasureGroupAsync("40 results of 500 KB", 40, 500_000, Values.GetBytes, table);
        await run.MeasureGroupAsync("400 results of 50 KB", 400, 50_000, Values.GetBytes, table);
    }

    table.Write();
}
