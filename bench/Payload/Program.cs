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
var command = new RootCommand("Measures large values on a cluster of one node.") { size, rounds };
command.SetAction((parsed, _) => RunAsync(parsed.GetValue(size), parsed.GetValue(rounds)));
return await command.Parse(args).InvokeAsync();

static async Task RunAsync(int mebibytes, int rounds)
{
    using var certificates = new Certificates();
    var table = new ResultTable();
    foreach (var directory in (string?[])[null, certificates.Shared])
    {
        Environment.SetEnvironmentVariable("ACTORS_TLS_DIRECTORY", directory);
        await using var run = await PayloadRun.StartAsync(isEncrypted: directory is not null, rounds);
        await run.MeasureLargeValuesAsync(mebibytes, table);
        await run.MeasureGroupAsync("40 arguments of 500 KB", 40, Values.GetBytes(500_000), Values.CountBytes, table);
        await run.MeasureGroupAsync("40 results of 500 KB", 40, 500_000, Values.GetBytes, table);
        await run.MeasureGroupAsync("400 results of 50 KB", 400, 50_000, Values.GetBytes, table);
    }

    table.Write();
}
