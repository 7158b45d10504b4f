// Measures this library and Python's multiprocessing side by side, in one run, and prints the ratios.
using System.CommandLine;
using System.Globalization;
using Peers;

var json = new Option<FileInfo?>("--json") { Description = "Also writes the rows to this file as JSON." };
var rounds = new Option<int>("--rounds")
{
    Description = "The number of runs of each measurement. The median is printed.",
    DefaultValueFactory = _ => 5,
};
var only = new Option<string[]>("--only") { Description = "Measures only these ids.", AllowMultipleArgumentsPerToken = true };
var command = new RootCommand("Compares this library with Python's multiprocessing.") { json, rounds, only };
command.SetAction((parsed, cancellationToken) => new Comparison(
    parsed.GetValue(rounds), parsed.GetValue(only) ?? [], parsed.GetValue(json)).RunAsync(cancellationToken));

// The comparison starts this command for measurements that need a new process.
var id = new Argument<string>("ID");
var measure = new Command("measure", "Runs one measurement of this library once and prints only its value.") { id };
measure.SetAction(async (parsed, _) => Console.WriteLine(
    (await OwnMeasurements.All.Single(one => one.Id == parsed.GetValue(id)).MeasureAsync()).ToString(CultureInfo.InvariantCulture)));
command.Subcommands.Add(measure);
return await command.Parse(args).InvokeAsync();
