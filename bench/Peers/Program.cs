// Measures this library and Python's multiprocessing side by side, in one run, and prints the ratios.
using System.CommandLine;
using System.Globalization;
using Peers;

var json = new Option<FileInfo?>("--json") { Description = "Also write the rows to this file, as JSON." };
var rounds = new Option<int>("--rounds") { Description = "How often each is measured; the median counts.", DefaultValueFactory = _ => 5 };
var only = new Option<string[]>("--only") { Description = "Measure only these ids.", AllowMultipleArgumentsPerToken = true };
var command = new RootCommand("Compares this library with Python's multiprocessing.") { json, rounds, only };
command.SetAction((parsed, cancellationToken) => new Comparison(
    parsed.GetValue(rounds), parsed.GetValue(only) ?? [], parsed.GetValue(json)).RunAsync(cancellationToken));

// What the comparison runs where a figure must come from a process that has done nothing before.
var id = new Argument<string>("ID");
var measure = new Command("measure", "Takes one figure of this library, once, and prints nothing else.") { id };
measure.SetAction(async (parsed, _) => Console.WriteLine(
    (await OwnMeasurements.All.Single(one => one.Id == parsed.GetValue(id)).MeasureAsync()).ToString(CultureInfo.InvariantCulture)));
command.Subcommands.Add(measure);
return await command.Parse(args).InvokeAsync();
